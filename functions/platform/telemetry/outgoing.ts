/** Calls to the outside: a span each, the trace context sent along, time-outs counted. */
import type { Span } from "@opentelemetry/api";
import { measure } from "./metrics.ts";
import { inSpan } from "./spans.ts";

export interface CallAbout {
  /** Whom it calls, in a word that has few values: `webhook`, `sms-gateway`, `register` … */
  readonly dependency: string;
  readonly method: string;
  /** Host and port of it are noted. The path is not: it may name a party, and the query may hold a key. */
  readonly url: string | URL;
}

/** Notes on the span how a call ended. */
export interface CallNotes {
  answered(status: number): void;
  /** @param code of the error, no text */
  unanswered(code: string): void;
}

const timeOuts = new Set([
  "TimeoutError",
  "AbortError",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

/** The code of a socket's error, or the name of another; never its text, which may hold an address. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  // A DOMException, such as that of a time-out, has a number as code.
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" ? code : error.name;
}

const notesOn = (span: Span, dependency: string): CallNotes => ({
  answered(status) {
    span.setAttribute("http.response.status_code", status);
    if (status >= 400) span.setAttribute("error.type", String(status));
    if (status === 429) measure("throttled", 1, { provider: dependency });
  },
  unanswered(code) {
    span.setAttribute("error.type", code);
    if (timeOuts.has(code)) measure("timeouts", 1, { dependency });
  },
});

/** Makes a call within a span of its own. */
export function calling<Result>(
  { dependency, method, url }: CallAbout,
  call: (notes: CallNotes) => Promise<Result>,
): Promise<Result> {
  const { host } = new URL(url);
  const about = {
    name: `${method} ${dependency}`,
    kind: "client",
    attributes: {
      "peer.service": dependency,
      "http.request.method": method,
      "server.address": host,
    },
  } as const;
  return inSpan(about, (span) => call(notesOn(span, dependency)));
}
