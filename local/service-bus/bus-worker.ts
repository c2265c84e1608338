/** Runs a bus in a process or thread of its own, for tests that kill it. */
import { argv } from "node:process";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../clock.ts";
import { startServiceBus } from "./server.ts";

const file = isMainThread ? argv[2] : (workerData as string);

const bus = await startServiceBus({
  file: file ?? ":memory:",
  port: 0,
  clock: systemClock,
  entities: {
    UserConfig: {
      Namespaces: [
        {
          Name: "sbemulatorns",
          Queues: [{ Name: "jobs", Properties: { RequiresDuplicateDetection: true } }],
        },
      ],
    },
  },
});

if (parentPort) {
  parentPort.postMessage(bus.connectionString);
  parentPort.once("message", () => {
    void bus.stop().then(() => parentPort?.close());
  });
} else process.send?.(bus.connectionString);
