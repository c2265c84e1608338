/** What Azure Communication Services says about an SMS; a refused recipient is told inside of an accepted request. */
import { z } from "zod";
import type { SendAnswer } from "../domain/provider-ports.ts";
import { retryAfterInSeconds } from "./acs-email-answers.ts";

export interface SmsAnswer {
  readonly status: number;
  readonly bodyAsText: string;
  readonly retryAfter: string | undefined;
}

const resultSchema = z.object({
  value: z
    .array(
      z.object({
        messageId: z.string().optional(),
        httpStatusCode: z.number(),
        successful: z.boolean(),
        errorMessage: z.string().nullish(),
      }),
    )
    .min(1),
});

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON: told by the failing schema
  }
};

/** The repeatability id is too old to be known, or its first call is still under way. */
const isUndecided = (status: number): boolean => status === 409 || status === 412 || status >= 500;

function toRefusal({ status, retryAfter }: SmsAnswer, nowInMs: number): SendAnswer {
  if (status === 429) {
    return { kind: "throttled", delayInSeconds: retryAfterInSeconds(retryAfter, nowInMs) };
  }
  const reason = `The SMS provider answers ${status}`;
  return isUndecided(status) ? { kind: "unknown", reason } : { kind: "unavailable", reason };
}

/** What the answer to a send says. */
export function toSmsAnswer(answer: SmsAnswer, nowInMs: number): SendAnswer {
  if (answer.status !== 202) return toRefusal(answer, nowInMs);
  const parsed = resultSchema.safeParse(parse(answer.bodyAsText));
  const [result] = parsed.data?.value ?? [];
  if (!result) return { kind: "unknown", reason: "The SMS provider's answer is not readable" };
  const { successful, messageId, httpStatusCode, errorMessage } = result;
  if (successful) {
    return { kind: "accepted", ...(messageId !== undefined && { reference: messageId }) };
  }
  if (httpStatusCode === 400) {
    const isInvalid = (errorMessage ?? "").startsWith("Invalid To");
    const status = isInvalid ? "Failed_InvalidRecipient" : "Failed";
    return { kind: "rejected", status, detail: `HTTP ${httpStatusCode}` };
  }
  return toRefusal({ ...answer, status: httpStatusCode }, nowInMs);
}
