/** JSON calls to the platform's own services: decision point, Register, Profile. These addresses are settings of ours. */
import { Agent } from "undici";
import { RetryLater } from "../../kernel/failures.ts";
import { calling, type CallNotes, codeOf } from "../telemetry/outgoing.ts";
import { activeTraceparent } from "../telemetry/trace-context.ts";
import { takeWholeAnswer } from "./whole-answer.ts";

export interface PlatformCall {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface PlatformAnswer {
  readonly status: number;
  /** Parsed; `undefined` when there is none or it is no JSON. */
  readonly body: unknown;
}

/** Longest wait for one answer. */
const TIMEOUT_IN_MS = 8000;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told to the caller by an absent body; it knows what it needed
  }
};

/**
 * @throws {RetryLater} no answer, 429 or 5xx: an outage is never a "no"
 */
export type PlatformClient = (call: PlatformCall) => Promise<PlatformAnswer>;

const headersOf = ({ headers }: PlatformCall): Record<string, string> => {
  const traceparent = activeTraceparent();
  return {
    "content-type": "application/json",
    accept: "application/json",
    ...(traceparent !== undefined && { traceparent }),
    ...headers,
  };
};

export function createPlatformClient(): PlatformClient {
  const dispatcher = new Agent({ keepAliveTimeout: 10_000, connections: 64 });

  const ask = async (call: PlatformCall, service: string, notes: CallNotes) => {
    const { method, url, body } = call;
    try {
      const { status, text } = await takeWholeAnswer(dispatcher, {
        url,
        method,
        headers: headersOf(call),
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_IN_MS),
      });
      notes.answered(status);
      if (status === 429 || status >= 500) {
        throw new RetryLater(5, `${service} answers ${status}`);
      }
      return { status, body: parse(text) };
    } catch (error) {
      if (error instanceof RetryLater) throw error;
      notes.unanswered(codeOf(error));
      throw new RetryLater(5, `${service} does not answer`, { cause: error });
    }
  };

  return (call) => {
    const { method, url } = call;
    const service = new URL(url).pathname.split("/", 2)[1] ?? "";
    return calling({ dependency: service, method, url }, (notes) => ask(call, service, notes));
  };
}
