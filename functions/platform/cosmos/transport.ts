/** How requests of the Cosmos DB SDK travel: by undici, which needs half of what the SDK's own client does. */
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  type RequestBodyType,
  RestError,
} from "@azure/core-rest-pipeline";
import { Agent, type Dispatcher, request } from "undici";

/** Connections to one end point, from one instance of the app. */
const MAX_CONNECTIONS = 128;

/** What the SDK and `transient.ts` know as a lost connection, by the name that undici has for it. */
const codes: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: "ECONNRESET",
  UND_ERR_CONNECT_TIMEOUT: "ETIMEDOUT",
  UND_ERR_HEADERS_TIMEOUT: "ETIMEDOUT",
  UND_ERR_BODY_TIMEOUT: "ETIMEDOUT",
};

const codeOf = (error: unknown): string => {
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" ? (codes[code] ?? code) : RestError.REQUEST_SEND_ERROR;
};

/** The SDK sends text or nothing. */
const textOf = (body: RequestBodyType | undefined): string | null => {
  if (body === undefined || body === null) return null;
  if (typeof body === "string") return body;
  throw new TypeError("A request of the database has a body that is no text");
};

const toHeaders = (headers: Dispatcher.ResponseData["headers"]) =>
  createHttpHeaders(
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? "")])),
  );

async function send(dispatcher: Dispatcher, outgoing: PipelineRequest): Promise<PipelineResponse> {
  const { url, method, headers, body, abortSignal } = outgoing;
  try {
    const response = await request(url, {
      dispatcher,
      method,
      headers: headers.toJSON(),
      body: textOf(body),
      signal: (abortSignal as AbortSignal | undefined) ?? null, // the SDK gives the real thing
    });
    return {
      request: outgoing,
      status: response.statusCode,
      headers: toHeaders(response.headers),
      bodyAsText: await response.body.text(),
    };
  } catch (error) {
    // The SDK gave up waiting: it tells by itself what that means.
    if (error instanceof Error && error.name === "AbortError") throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new RestError(message, { code: codeOf(error), request: outgoing });
  }
}

/** Keeps connections; those to https check certificates as the whole process does. */
export function createTransport(): HttpClient {
  const dispatcher = new Agent({ connections: MAX_CONNECTIONS, pipelining: 1 });
  return { sendRequest: (outgoing) => send(dispatcher, outgoing) };
}
