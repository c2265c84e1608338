/** Runs a backing server in a thread of its own, so that it uses the other core. */
import { Worker } from "node:worker_threads";
import type { BackingServer } from "./stack.ts";
import type { StoreWorkerData, StoreWorkerMessage } from "./store-worker.ts";

/** How long a server may take to close its sockets and its file. */
const STOP_PATIENCE_IN_MS = 1000;

const nextMessage = (worker: Worker): Promise<StoreWorkerMessage> =>
  new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => {
      resolve({ kind: "stopped" });
    });
  });

/** @throws the error with which the server did not start, its `code` included */
export async function startInThread(
  kind: StoreWorkerData["kind"],
  file: string,
  port: number,
): Promise<BackingServer> {
  const workerData: StoreWorkerData = { kind, file, port };
  const worker = new Worker(new URL("./store-worker.ts", import.meta.url), { workerData });
  const first = await nextMessage(worker);
  if (first.kind !== "ready") {
    await worker.terminate();
    const message = first.kind === "failed" ? first.message : `The thread of ${kind} ended`;
    throw Object.assign(new Error(message), first.kind === "failed" && { code: first.code });
  }
  return {
    connectionString: first.connectionString,
    async stop() {
      const stopped = nextMessage(worker);
      worker.postMessage("stop");
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise((resolve) => {
        timer = setTimeout(resolve, STOP_PATIENCE_IN_MS);
      });
      await Promise.race([stopped, patience]);
      clearTimeout(timer);
      await worker.terminate();
    },
  };
}
