/** The inside of a thread that runs one server: starts it, tells its facts, passes on what it is told, stops it when asked. */
import { parentPort, workerData } from "node:worker_threads";

/** What a thread says to whoever started it. */
export type Said<Facts> =
  | { readonly kind: "ready"; readonly facts: Facts }
  | { readonly kind: "failed"; readonly code?: string; readonly message: string }
  | { readonly kind: "stopped" };

/** What a thread is told. */
export type Told<Message> =
  { readonly kind: "message"; readonly message: Message } | { readonly kind: "stop" };

export interface Served<Facts, Message> {
  /** What others need to know of the server: its address, for one. They are cloned. */
  readonly facts: Facts;
  readonly hear?: (message: Message) => void;
  stop(): Promise<void>;
}

export type Start<Options, Facts, Message> = (options: Options) => Promise<Served<Facts, Message>>;

/** Runs a server for as long as the thread lives; a failure to start is told with its `code`. */
export async function serve<Options, Facts, Message = never>(
  start: Start<Options, Facts, Message>,
): Promise<void> {
  const say = (said: Said<Facts>): void => {
    parentPort?.postMessage(said);
  };
  try {
    const server = await start(workerData as Options);
    parentPort?.on("message", (told: Told<Message>) => {
      if (told.kind === "message") {
        server.hear?.(told.message);
        return;
      }
      void server.stop().finally(() => {
        say({ kind: "stopped" });
        parentPort?.close();
      });
    });
    say({ kind: "ready", facts: server.facts });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    say({ kind: "failed", message, ...(code !== undefined && { code }) });
  }
}
