/**
 * What Azure Communication Services says about an e-mail, in the words of this context.
 *
 * @see https://learn.microsoft.com/rest/api/communication/email/email
 */
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { OperationState, SendAnswer } from "../domain/provider-ports.ts";

/** An HTTP answer as the SDK hands it to `onResponse`. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly bodyAsText?: string | null;
}

/** Where the provider does not say how long to wait. */
const DEFAULT_WAIT_IN_SECONDS = 60;

interface ErrorBody {
  readonly code?: unknown;
  readonly message?: unknown;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: then the text itself is all there is to classify
  }
};

interface AnswerBody {
  readonly status?: unknown;
  readonly error?: ErrorBody | null;
}

const bodyOf = ({ bodyAsText }: RawAnswer): AnswerBody => {
  const body = parse(bodyAsText ?? "");
  return typeof body === "object" && body !== null ? body : {};
};

/** `Retry-After`: seconds, or a date. */
export function retryAfterInSeconds(value: string | undefined, nowInMs: number): number {
  if (value === undefined) return DEFAULT_WAIT_IN_SECONDS;
  if (/^\d{1,6}$/.test(value.trim())) return Math.max(1, Number(value));
  const at = Date.parse(value);
  if (Number.isNaN(at) || at <= nowInMs) return DEFAULT_WAIT_IN_SECONDS;
  return Math.ceil((at - nowInMs) / 1000);
}

/** Why an e-mail was refused or dropped; nested details count too. */
function failureOf(answer: RawAnswer): DeliveryStatus {
  const { error } = bodyOf(answer);
  if (error?.code === "EmailDroppedAllRecipientsSuppressed") return "Failed_SupressedRecipient";
  const says = answer.bodyAsText ?? "";
  if (says.includes("Invalid format for email address")) return "Failed_InvalidEmailFormat";
  return "Failed";
}

const codeOf = (answer: RawAnswer): string => {
  const code = bodyOf(answer).error?.code;
  return typeof code === "string" ? code : `HTTP ${answer.status}`;
};

/** Refused for a reason that lies with us (credentials, sender domain, clock): the e-mails wait until it is mended. */
const isOurFault = (status: number): boolean =>
  status === 401 || status === 403 || status === 404 || status === 408;

/** The server may have it: the operation id is known already, or it stumbled after it took the request. */
const mayHaveIt = (status: number): boolean => status === 409 || status >= 500;

/** What the answer to a send says. */
export function toSendAnswer(answer: RawAnswer, nowInMs: number): SendAnswer {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return { kind: "accepted" };
  const code = codeOf(answer);
  if (status === 429 || code === "TooManyRequests") {
    const delayInSeconds = retryAfterInSeconds(headers.get("retry-after"), nowInMs);
    return { kind: "throttled", delayInSeconds };
  }
  if (status === 413) return { kind: "rejected", status: "Failed_PayloadTooLarge", detail: code };
  const reason = `The provider says ${code}`;
  if (mayHaveIt(status)) return { kind: "unknown", reason };
  if (isOurFault(status)) return { kind: "unavailable", reason };
  return { kind: "rejected", status: failureOf(answer), detail: code };
}

const underWay: Readonly<Record<string, DeliveryStatus>> = {
  NotStarted: "Sending",
  Running: "Sending",
  Succeeded: "Succeeded",
};

/** What the answer to a question after an operation says. Only a clear word about the operation counts. */
export function toOperationState(answer: RawAnswer, nowInMs: number): OperationState {
  if (answer.status === 404) return { kind: "unheard-of" };
  if (answer.status !== 200) {
    const wait = answer.headers.get("retry-after");
    return {
      kind: "no-answer",
      ...(wait !== undefined && { delayInSeconds: retryAfterInSeconds(wait, nowInMs) }),
    };
  }
  const word = String(bodyOf(answer).status);
  const status = underWay[word];
  if (status) return { kind: "known", status };
  if (word !== "Failed" && word !== "Canceled") return { kind: "no-answer" };
  return { kind: "known", status: failureOf(answer), detail: codeOf(answer) };
}
