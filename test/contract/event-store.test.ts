/** The store of events on Cosmos DB: order, uniqueness and crashes. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCosmosEventStore } from "../../functions/events/adapters/cosmos-event-store.ts";
import type { EventStore } from "../../functions/events/domain/ports.ts";
import type { NewEvent, StoredEvent } from "../../functions/events/domain/stored-event.ts";
import { createVirtualClock } from "../../local/virtual-clock.ts";
import { startTestCosmos, type TestCosmos } from "../support/cosmos.ts";

let cosmos: TestCosmos;
const clock = createVirtualClock();

/** A store as another instance of the app has it: with memory of its own. */
const anInstance = (): EventStore => createCosmosEventStore(cosmos.documentsIn("events"), clock);

const storeOf = (instances: readonly EventStore[], index: number): EventStore => {
  const store = instances[index % instances.length];
  if (!store) throw new Error("No instance");
  return store;
};

beforeAll(async () => {
  cosmos = await startTestCosmos(clock);
});

afterAll(() => cosmos.stop());

const anEvent = (subject: string | undefined, id: string): NewEvent => ({
  event: {
    specversion: "1.0",
    id,
    source: "https://example.com/1",
    type: "a",
    resource: "urn:altinn:resource:a",
    ...(subject !== undefined && { subject }),
  },
  isTimeOurs: false,
  traceparent: "00-00000000000000000000000000000001-0000000000000001-01",
});

const expectUnbroken = (stored: readonly StoredEvent[]): void => {
  expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1));
  const times = stored.map(({ registeredAt }) => registeredAt);
  expect(new Set(times).size).toBe(times.length);
  expect([...times].sort()).toEqual(times);
};

test("a thousand publishers on one subject: none lost, none doubled, no gap, times strictly later", async () => {
  const instances = [anInstance(), anInstance(), anInstance()];
  const events = Array.from({ length: 1000 }, (_, index) => anEvent("/party/one", `e${index}`));

  const outcomes = await Promise.all(
    events.map((event, index) => storeOf(instances, index).append([event])),
  );

  expect(outcomes.flat().every((outcome) => outcome === "stored")).toBe(true);
  const stored = await anInstance().list("/party/one", 0, 2000);
  expect(new Set(stored.map(({ event }) => event.id)).size).toBe(1000);
  expectUnbroken(stored);
});

test("a thousand publishers on a thousand subjects: each is first in its own", async () => {
  const store = anInstance();

  await Promise.all(
    Array.from({ length: 1000 }, (_, index) => store.append([anEvent(`/party/m${index}`, "e")])),
  );

  const sequences = await Promise.all(
    Array.from({ length: 1000 }, (_, index) => store.lastSequence(`/party/m${index}`)),
  );
  expect(sequences.every((sequence) => sequence === 1)).toBe(true);
});

test("an event without subject is stored once, whichever instance and day it comes to", async () => {
  const first = await anInstance().append([anEvent(undefined, "none")]);
  await clock.advance(3 * 24 * 3600 * 1000);
  const second = await anInstance().append([anEvent(undefined, "none")]);

  expect([first, second]).toEqual([["stored"], ["duplicate"]]);
});

test("any interleaving of publishers, repeats and readers: each reader sees each event once, in order", async () => {
  let run = 0;
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("publish" as const),
      ids: fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }),
      instance: fc.nat(1),
    }),
    fc.record({ kind: fc.constant("read" as const), size: fc.integer({ min: 1, max: 7 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const subject = `/party/run-${run++}`;
      const instances = [anInstance(), anInstance()];
      const seen: StoredEvent[] = [];
      const published = new Set<number>();
      const writes: Promise<unknown>[] = [];
      const read = async (size: number): Promise<number> => {
        const page = await anInstance().list(subject, seen.at(-1)?.sequence ?? 0, size);
        seen.push(...page);
        return page.length;
      };

      for (const it of steps) {
        if (it.kind === "read") {
          await read(it.size);
          continue;
        }
        for (const id of it.ids) published.add(id);
        const events = it.ids.map((id) => anEvent(subject, String(id)));
        writes.push(storeOf(instances, it.instance).append(events));
      }
      await Promise.all(writes);
      while ((await read(3)) > 0);

      expect(new Set(seen.map(({ event }) => Number(event.id)))).toEqual(published);
      expectUnbroken(seen);
    }),
    { numRuns: 60 },
  );
});
