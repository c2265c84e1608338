/** One HTTP call to an address that somebody outside chose: guarded, timed, without redirects, with a bounded answer. */
import { Agent, type Dispatcher, request } from "undici";
import { PermanentFailure } from "../../kernel/failures.ts";
import { calling, type CallNotes, codeOf } from "../telemetry/outgoing.ts";
import { carryOn } from "../telemetry/trace-context.ts";
import {
  assertCallable,
  type EgressRules,
  guardedLookup,
  isTrusted,
  REFUSED_ADDRESS,
} from "./egress-guard.ts";

export interface OutgoingRequest {
  readonly url: URL;
  readonly method: "GET" | "POST" | "OPTIONS";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, name look-up to last byte. */
  readonly timeoutInMs: number;
  /** What is called, for traces and figures. @default "webhook" */
  readonly dependency?: string;
}

export type CallOutcome =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** The beginning of the body, at most {@link MAX_EXCERPT_IN_BYTES}. */
      readonly excerpt: string;
    }
  /** Nobody knows whether the other side has seen the request. */
  | { readonly kind: "no-answer"; readonly reason: string };

/** As much of an answer as anybody needs for a log or a small JSON body; the rest is not read. */
export const MAX_EXCERPT_IN_BYTES = 4096;

const excerptOf = async (body: Dispatcher.ResponseData["body"]): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MAX_EXCERPT_IN_BYTES) break; // leaving the loop closes the connection
  }
  return Buffer.concat(chunks).subarray(0, MAX_EXCERPT_IN_BYTES).toString("utf8");
};

const flat = (headers: Dispatcher.ResponseData["headers"]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );

/** Whoever began a trace is told which step of it calls; who is not meant to see it, is not. */
function headersOf({ headers }: OutgoingRequest): Record<string, string> {
  const traceparent =
    headers["traceparent"] === undefined ? undefined : carryOn(headers["traceparent"]);
  return { ...headers, ...(traceparent !== undefined && { traceparent }) };
}

/** Calls an address. Redirects are answers like any other: they are not followed. */
export type GuardedFetch = (outgoing: OutgoingRequest) => Promise<CallOutcome>;

/**
 * Two connection pools: one whose look-ups are guarded, one for the trusted hosts.
 *
 * The returned function throws {PermanentFailure} egress-refused for an address that must not be called.
 */
export function createGuardedFetch(rules: EgressRules): GuardedFetch {
  const limits = { maxHeaderSize: 16_384, pipelining: 1, keepAliveTimeout: 4000 };
  const guarded = new Agent({ ...limits, connect: { lookup: guardedLookup } });
  const trusted = new Agent(limits);

  const call = async (outgoing: OutgoingRequest, notes: CallNotes): Promise<CallOutcome> => {
    const { url, method, body, timeoutInMs } = outgoing;
    try {
      const response = await request(url, {
        dispatcher: isTrusted(url, rules) ? trusted : guarded,
        method,
        headers: headersOf(outgoing),
        body: body ?? null,
        signal: AbortSignal.timeout(timeoutInMs),
      });
      notes.answered(response.statusCode);
      return {
        kind: "answered",
        status: response.statusCode,
        headers: flat(response.headers),
        excerpt: await excerptOf(response.body),
      };
    } catch (error) {
      const reason = codeOf(error);
      notes.unanswered(reason);
      if (reason === REFUSED_ADDRESS) {
        throw new PermanentFailure(
          "egress-refused",
          "The host does not resolve to a public address.",
        );
      }
      return { kind: "no-answer", reason };
    }
  };

  return async (outgoing) => {
    const { url, method, dependency = "webhook" } = outgoing;
    assertCallable(url, rules);
    return calling({ dependency, method, url }, (notes) => call(outgoing, notes));
  };
}
