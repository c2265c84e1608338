/** One HTTP request on its way through the host. */
import type { IncomingMessage, ServerResponse } from "node:http";

export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** As it came, still encoded. */
  readonly path: string;
  /** With its question mark; empty without a query. */
  readonly search: string;
}

export type HandleExchange = (exchange: HttpExchange) => Promise<void>;

/** @returns undefined when the request target is no path, as a proxy would send it */
export function toExchange(
  request: IncomingMessage,
  response: ServerResponse,
): HttpExchange | undefined {
  const { url = "/" } = request;
  if (!url.startsWith("/")) return undefined;
  const mark = url.indexOf("?");
  return mark < 0
    ? { request, response, path: url, search: "" }
    : { request, response, path: url.slice(0, mark), search: url.slice(mark) };
}

export function answer(response: ServerResponse, status: number, text = ""): void {
  if (text === "") response.writeHead(status).end();
  else response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);
}

export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
