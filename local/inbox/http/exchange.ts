/** A request that was read whole, and what is answered to it. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

export interface InboxRequest {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly target: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body was too large to be kept. */
  readonly isTooLarge: boolean;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** An answer, a broken connection, or nothing at all. */
export type Answer = HttpAnswer | "reset" | "hang";

/** @param match the groups of the route's path */
export type Handle = (
  request: InboxRequest,
  match: Readonly<Record<string, string>>,
) => Answer | Promise<Answer>;

/** ACS takes requests of 10 MB. */
export const MAX_BODY_IN_BYTES = 10 * 1024 * 1024;

export const json = (
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify(value),
});

export const problem = (status: number, message: string): HttpAnswer =>
  json(status, { error: { message } });

/** Reads to the end even when it is too much: a caller that is cut off while it writes sees no answer. */
async function readBody(
  request: IncomingMessage,
): Promise<{ readonly body: Buffer; readonly isTooLarge: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_IN_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return { body: Buffer.concat(chunks), isTooLarge: size > MAX_BODY_IN_BYTES };
}

export async function readRequest(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<InboxRequest> {
  const gone = new AbortController();
  response.on("close", () => {
    gone.abort();
  });
  const target = request.url ?? "/";
  const [path = "/", ...rest] = target.split("?");
  return {
    method: request.method ?? "GET",
    target,
    path,
    query: new URLSearchParams(rest.join("?")),
    headers: request.headers,
    ...(await readBody(request)),
    signal: gone.signal,
  };
}

export function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): void {
  if (answer === "hang") return;
  if (answer === "reset") {
    request.socket.resetAndDestroy();
    return;
  }
  const { status, headers = {}, body = "" } = answer;
  response.writeHead(status, {
    "content-length": String(Buffer.byteLength(body)),
    "x-content-type-options": "nosniff",
    ...headers,
  });
  response.end(body);
}
