/** The local Cosmos DB: what the real `@azure/cosmos` talks to instead of Azure. */
import { once } from "node:events";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Clock } from "../clock.ts";
import { createBudgets, type RequestUnitBudgets } from "./budgets.ts";
import { type Counters, createCounters } from "./counters.ts";
import { createFaults, type Faults } from "./faults.ts";
import { openStore, type Store } from "./store.ts";
import { createAuthorizer } from "./wire/authorize.ts";
import { type Exchange, serve } from "./wire/exchange.ts";

/** The key of Microsoft's own emulators, published and the same everywhere: no secret. */
export const EMULATOR_KEY =
  "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";

/** Longer than the SDK keeps an idle connection, so that it is never the server that closes one in use. */
const KEEP_ALIVE_IN_MS = 120_000;

export interface CosmosOptions {
  /** A path, or ":memory:" to forget everything at the end. */
  readonly file: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** @default "127.0.0.1" */
  readonly host?: string;
  /**
   * Base64.
   *
   * @default {@link EMULATOR_KEY}
   */
  readonly key?: string;
  readonly clock: Clock;
  /**
   * How many physical partitions each container has.
   *
   * @default 2, so that queries over partitions are merged as in Azure
   */
  readonly partitionRanges?: number;
  /** PEM texts; given, the server speaks https and takes tokens as well as keys. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** @default nothing is throttled */
  readonly requestUnitBudgets?: RequestUnitBudgets;
}

export interface LocalCosmos {
  readonly endpoint: string;
  readonly key: string;
  readonly port: number;
  readonly faults: Faults;
  readonly counters: Counters;
  /** Ends at once, open connections included. Safe to repeat. */
  stop(): Promise<void>;
}

function createServer(exchange: Omit<Exchange, "isSecure">, tls: CosmosOptions["tls"]): Server {
  const full: Exchange = { ...exchange, isSecure: tls !== undefined };
  const server = tls ? createHttpsServer(tls) : createHttpServer();
  server.keepAliveTimeout = KEEP_ALIVE_IN_MS;
  server.on("request", (incoming, response) => {
    void serve(full, incoming, response);
  });
  return server;
}

/** @throws the error of the socket, such as EADDRINUSE, as it is */
async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** @returns ends the server and closes the file, once */
function createStop(server: Server, store: Store): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
    store.close();
  };
  return () => (stopped ??= stop());
}

/**
 * Starts a server of its own; several can run in one process.
 *
 * @throws {Error} when the port is taken, or the file is in use or not ours
 */
export async function startCosmos(options: CosmosOptions): Promise<LocalCosmos> {
  const { file, port, host = "127.0.0.1", key = EMULATOR_KEY, clock, tls } = options;
  const { partitionRanges = 2, requestUnitBudgets = {} } = options;
  const store = openStore(file, partitionRanges, clock);
  const faults = createFaults();
  const counters = createCounters();
  const budgets = createBudgets(requestUnitBudgets, clock);
  const authorize = createAuthorizer(key, clock);
  const server = createServer({ store, budgets, counters, faults, clock, authorize }, tls);
  try {
    const listeningAt = await listen(server, port, host);
    return {
      endpoint: `${tls ? "https" : "http"}://${host}:${listeningAt}`,
      key,
      port: listeningAt,
      faults,
      counters,
      stop: createStop(server, store),
    };
  } catch (error) {
    store.close();
    throw error;
  }
}
