/** How requests of Azure's SDKs travel: by undici, which needs half of what their own client does. */
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  type RequestBodyType,
  RestError,
} from "@azure/core-rest-pipeline";
import { Agent, type Dispatcher } from "undici";
import { takeWholeAnswer, type WholeAnswer } from "./whole-answer.ts";

/** Connections to one end point, from one instance of the app. */
const MAX_CONNECTIONS = 128;

/** What the SDKs and ours know as a lost connection, by the name that undici has for it. */
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

/** The SDKs that we use send JSON or nothing. */
const textOf = (body: RequestBodyType | undefined): string | null => {
  if (body === undefined || body === null) return null;
  if (typeof body === "string") return body;
  throw new TypeError("A request has a body that is no text");
};

/** What an SDK asks of a transport that this one cannot do is refused, never left out in silence. */
function assertPossible({ url, allowInsecureConnection, timeout }: PipelineRequest): void {
  if (!allowInsecureConnection && !url.startsWith("https:")) {
    throw new RestError("The address is not one of https, and no other is allowed");
  }
  if (timeout > 0) throw new TypeError("A request is given up by its signal, not by its timeout");
}

/** Answers are taken as they come: nothing here unpacks them. */
function headersOf({ headers }: PipelineRequest): Record<string, string> {
  headers.delete("accept-encoding");
  return headers.toJSON();
}

/** The SDK makes text of each value, also of one that came several times. */
const toHeaders = (headers: WholeAnswer["headers"]) =>
  createHttpHeaders(headers as Record<string, string>);

async function send(dispatcher: Dispatcher, outgoing: PipelineRequest): Promise<PipelineResponse> {
  const { url, method } = outgoing;
  const signal = outgoing.abortSignal as AbortSignal | undefined; // the SDKs give the real thing
  assertPossible(outgoing);
  try {
    const { status, headers, text } = await takeWholeAnswer(dispatcher, {
      url,
      method,
      headers: headersOf(outgoing),
      body: textOf(outgoing.body),
      signal,
    });
    return { request: outgoing, status, headers: toHeaders(headers), bodyAsText: text };
  } catch (error) {
    // Who gave up waiting tells by itself what that means.
    if (signal?.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new RestError(message, { code: codeOf(error), request: outgoing });
  }
}

/** Keeps connections; those to https check certificates as the whole process does. */
export function createSdkTransport(): HttpClient {
  const dispatcher = new Agent({ connections: MAX_CONNECTIONS, pipelining: 1 });
  return { sendRequest: (outgoing) => send(dispatcher, outgoing) };
}
