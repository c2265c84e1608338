/** Loaded into the measured process before all else: on SIGUSR2 it collects what is dead and says what lives. */
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  process.on("SIGUSR2", () => {
    globalThis.gc?.();
    console.log(`live heap ${process.memoryUsage().heapUsed}`);
  });
}
