/** The host's HTTP end: one listener for functions, webhooks and administration. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answer, type HandleExchange, toExchange } from "./exchange.ts";
import { BodyTooLarge } from "./read-body.ts";

/** Longer than clients keep an idle connection, so that it is never the server that closes one in use. */
const KEEP_ALIVE_IN_MS = 120_000;

export interface HttpServer {
  readonly port: number;
  /** Takes no more connections; those that are there may finish. */
  pause(): void;
  close(): Promise<void>;
}

/** A part of the host with paths of its own, all under one prefix. */
export interface MountedHandler {
  /** Lower case. */
  readonly prefix: string;
  readonly handle: HandleExchange;
}

function failed(response: ServerResponse, error: unknown, log: (error: unknown) => void): void {
  if (error instanceof BodyTooLarge) {
    // The rest of the body is not read, so the connection cannot be used again.
    response.setHeader("connection", "close");
    answer(response, 413);
    return;
  }
  if (response.destroyed) return;
  log(error);
  if (response.headersSent) response.destroy();
  else answer(response, 500);
}

const createDispatch =
  (mounted: readonly MountedHandler[], otherwise: HandleExchange, log: (error: unknown) => void) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const exchange = toExchange(request, response);
      if (!exchange) {
        answer(response, 400);
        return;
      }
      const path = exchange.path.toLowerCase();
      const owner = mounted.find(({ prefix }) => path.startsWith(prefix));
      await (owner?.handle ?? otherwise)(exchange);
    } catch (error) {
      failed(response, error, log);
    }
  };

async function closeServer(server: Server): Promise<void> {
  const closed = server.listening ? once(server, "close") : Promise.resolve();
  server.close();
  server.closeAllConnections();
  await closed;
}

export interface HttpServerOptions {
  readonly port: number;
  readonly host: string;
  readonly mounted: readonly MountedHandler[];
  /** Everything that is not mounted. */
  readonly functions: HandleExchange;
  /** Told of failures that are not a function's. */
  readonly log: (error: unknown) => void;
}

/** @throws the error of the socket, such as EADDRINUSE, as it is */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { port, host, mounted, functions, log } = options;
  const dispatch = createDispatch(mounted, functions, log);
  const server = createServer((request, response) => void dispatch(request, response));
  server.keepAliveTimeout = KEEP_ALIVE_IN_MS;
  server.listen(port, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    pause: () => {
      server.close();
      server.closeIdleConnections();
    },
    close: () => closeServer(server),
  };
}
