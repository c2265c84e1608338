/** Repeatable requests: the same request id gets the answer it got before. */
import { systemClock } from "../../clock.ts";
import type { InboxCore } from "../core.ts";

export interface RecipientAnswer {
  readonly to: string;
  readonly httpStatusCode: number;
  readonly successful: boolean;
  readonly messageId?: string;
  readonly repeatabilityResult?: "accepted" | "rejected";
  readonly errorMessage?: string;
}

export interface RepeatableRequest {
  readonly id: string;
  /** Hash of what is asked for. */
  readonly payload: string;
  readonly firstSent: string | null | undefined;
}

/** @see https://learn.microsoft.com/rest/api/communication/repeatable-requests */
const WINDOW_IN_MS = 5 * 60_000;

type Ports = Pick<InboxCore, "clock" | "database">;

/** The caller stamps with the machine's time, also where a test has a clock of its own: either will do. */
const isInWindow = ({ clock }: Ports, firstSent: string): boolean =>
  [clock, systemClock].some((one) => Math.abs(one.now() - Date.parse(firstSent)) <= WINDOW_IN_MS);

const rejected = (httpStatusCode: number, errorMessage: string): RecipientAnswer => ({
  to: "",
  httpStatusCode,
  successful: false,
  repeatabilityResult: "rejected",
  errorMessage,
});

/** @returns undefined for a request that is to be carried out */
export function rememberedAnswer(
  ports: Ports,
  { id, payload, firstSent }: RepeatableRequest,
): RecipientAnswer | undefined {
  if (!firstSent || !isInWindow(ports, firstSent)) {
    return rejected(412, "repeatabilityFirstSent is missing, or more than 5 minutes from now.");
  }
  const row = ports.database.get(
    "SELECT payload, answer FROM repeatable_requests WHERE id = ?",
    id.toLowerCase(),
  );
  if (!row) return undefined;
  return row["payload"] === payload
    ? (JSON.parse(String(row["answer"])) as RecipientAnswer)
    : rejected(400, "The repeatabilityRequestId was used for another message.");
}

export function rememberAnswer(
  { database }: Ports,
  { id, payload }: RepeatableRequest,
  answer: RecipientAnswer,
): void {
  database.run(
    "INSERT INTO repeatable_requests (id, payload, answer) VALUES (?, ?, ?)",
    id.toLowerCase(),
    payload,
    JSON.stringify(answer),
  );
}
