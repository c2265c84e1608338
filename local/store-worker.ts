/** The thread of one backing server: starts it, tells its connection string, stops it when asked. */
import { parentPort, workerData } from "node:worker_threads";
import topology from "../infra/topology.json" with { type: "json" };
import { systemClock } from "./clock.ts";
import { startCosmos } from "./cosmos/server.ts";
import { toEmulatorConfig } from "./service-bus/entities.ts";
import { startServiceBus } from "./service-bus/server.ts";

export interface StoreWorkerData {
  readonly kind: "cosmos" | "service-bus";
  readonly file: string;
  readonly port: number;
}

export type StoreWorkerMessage =
  | { readonly kind: "ready"; readonly connectionString: string }
  | { readonly kind: "failed"; readonly code?: string; readonly message: string }
  | { readonly kind: "stopped" };

const { kind, file, port } = workerData as StoreWorkerData;

const tell = (message: StoreWorkerMessage): void => {
  parentPort?.postMessage(message);
};

const start = async () => {
  if (kind === "service-bus") {
    const entities = toEmulatorConfig(topology.queues);
    return startServiceBus({ file, port, clock: systemClock, entities });
  }
  const cosmos = await startCosmos({ file, port, clock: systemClock });
  return {
    connectionString: `AccountEndpoint=${cosmos.endpoint};AccountKey=${cosmos.key};`,
    stop: () => cosmos.stop(),
  };
};

try {
  const server = await start();
  parentPort?.once("message", () => {
    void server.stop().finally(() => {
      tell({ kind: "stopped" });
      parentPort?.close();
    });
  });
  tell({ kind: "ready", connectionString: server.connectionString });
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  tell({ kind: "failed", message, ...(code !== undefined && { code }) });
}
