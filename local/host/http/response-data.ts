/** Writes what a function returned. */
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { HttpResponseData, InvocationResponse } from "../app/functions-core.ts";
import { answer } from "./exchange.ts";
import { toSetCookie } from "./cookie.ts";

function toHeaders({ headers, cookies = [] }: HttpResponseData, length: number) {
  const all: OutgoingHttpHeaders = { ...headers };
  // Ours are true; a wrong one would break the connection.
  delete all["transfer-encoding"];
  delete all.connection;
  if (length > 0) all["content-length"] = length;
  else delete all["content-length"];
  if (cookies.length > 0) all["set-cookie"] = cookies.map(toSetCookie);
  return all;
}

/** Nothing returned is 204. */
export function writeResponse(response: ServerResponse, { returnValue }: InvocationResponse): void {
  const http = returnValue?.http as HttpResponseData | undefined;
  if (!http) {
    answer(response, 204);
    return;
  }
  const body = http.body?.bytes;
  response.writeHead(Number(http.statusCode), toHeaders(http, body?.byteLength ?? 0));
  response.end(body && body.byteLength > 0 ? body : undefined);
}
