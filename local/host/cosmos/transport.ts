/**
 * How the host's requests to Cosmos DB travel: by undici, which needs half of what the SDK's own client does. The host
 * asks after changes several times a second for each range that it follows, also when nothing happens.
 */
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { Agent, request } from "undici";

export interface Transport extends HttpClient {
  /** Lets go of the connections when their requests are answered. */
  close(): void;
}

async function send(dispatcher: Agent, outgoing: PipelineRequest): Promise<PipelineResponse> {
  const { url, method, headers, body, abortSignal } = outgoing;
  const response = await request(url, {
    dispatcher,
    method,
    headers: headers.toJSON(),
    body: (body as string | undefined) ?? null, // the SDK sends JSON or nothing
    signal: (abortSignal as AbortSignal | undefined) ?? null, // and gives the real thing
  });
  return {
    request: outgoing,
    status: response.statusCode,
    headers: createHttpHeaders(response.headers as Record<string, string>),
    bodyAsText: await response.body.text(),
  };
}

export function createTransport(): Transport {
  const dispatcher = new Agent({ pipelining: 1 });
  return {
    sendRequest: (outgoing) => send(dispatcher, outgoing),
    close: () => {
      void dispatcher.close();
    },
  };
}
