/** Runs a server in a thread of its own, so that the host and the app have theirs to themselves. */
import { Worker } from "node:worker_threads";
import type { Said, Told } from "./serve.ts";

export interface ServerThread<Facts, Message> {
  readonly facts: Facts;
  readonly tell: (message: Message) => void;
  /** Safe to repeat. */
  stop(): Promise<void>;
}

/** How long a server may take to close its sockets and its file. */
const STOP_PATIENCE_IN_MS = 1000;

const nextSaid = <Facts>(worker: Worker): Promise<Said<Facts>> =>
  new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => {
      resolve({ kind: "stopped" });
    });
  });

async function stopWorker(worker: Worker): Promise<void> {
  const stopped = nextSaid(worker);
  worker.postMessage({ kind: "stop" } satisfies Told<never>);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, STOP_PATIENCE_IN_MS);
  });
  await Promise.race([stopped, patience]);
  clearTimeout(timer);
  await worker.terminate();
}

/**
 * @param entry a module that calls `serve`
 * @throws the error with which the server did not start, its `code` included
 */
export async function startInThread<Facts, Message = never>(
  entry: URL,
  options: object,
): Promise<ServerThread<Facts, Message>> {
  const worker = new Worker(entry, { workerData: options });
  const first = await nextSaid<Facts>(worker);
  if (first.kind !== "ready") {
    await worker.terminate();
    const message = first.kind === "failed" ? first.message : "The thread ended before it served";
    throw Object.assign(new Error(message), first.kind === "failed" && { code: first.code });
  }
  let stopping: Promise<void> | undefined;
  return {
    facts: first.facts,
    tell: (message) => {
      worker.postMessage({ kind: "message", message } satisfies Told<Message>);
    },
    stop: () => (stopping ??= stopWorker(worker)),
  };
}
