/** The broker against the naive queue: any sequence of requests, time and restarts leaves both in the same state. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { createVirtualClock } from "../../virtual-clock.ts";
import { Broker } from "./broker.ts";
import { queueCommands, type Real } from "./model-commands.ts";
import { NaiveQueue } from "./naive-queue.ts";
import type { QueueSettings } from "./settings.ts";
import { Store } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "broker-model-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const settingsArbitrary: fc.Arbitrary<QueueSettings> = fc.record({
  name: fc.constant("jobs"),
  lockDurationInMs: fc.constant(10),
  maxDeliveryCount: fc.constantFrom(2, 3),
  timeToLiveInMs: fc.constantFrom(Infinity, 50),
  isDeadLetteringExpired: fc.boolean(),
  duplicateWindowInMs: fc.constantFrom(0, 20),
});

test("no message is lost, held twice, or counted wrongly, whatever happens", async () => {
  let run = 0;
  const comparing = fc.assert(
    fc.asyncProperty(
      settingsArbitrary,
      fc.commands(queueCommands, { maxCommands: 60, size: "+1" }),
      async (settings, sequence) => {
        const file = join(folder, `${run++}.sqlite`);
        const clock = createVirtualClock(1000);
        const open = (): Broker =>
          new Broker({ store: new Store(file), clock, queues: [settings] });
        const real: Real = { broker: open(), clock, restart: open };
        try {
          const model = { queue: new NaiveQueue(settings, clock.now()), tokens: [] };
          await fc.asyncModelRun(() => ({ model, real }), sequence);
        } finally {
          real.broker.stop();
        }
      },
    ),
    { numRuns: 100 },
  );

  await expect(comparing).resolves.toBeUndefined();
}, 60_000);
