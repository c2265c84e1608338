import { expect, test } from "vitest";
import { createVirtualClock } from "../../virtual-clock.ts";
import { Broker, type Consumer } from "./broker.ts";
import type { BrokerFailure } from "./failure.ts";
import { Store } from "./store.ts";

const settings = {
  name: "jobs",
  lockDurationInMs: 1000,
  maxDeliveryCount: 2,
  timeToLiveInMs: Infinity,
  isDeadLetteringExpired: false,
  duplicateWindowInMs: 1000,
};

const draft = (messageId: string) => ({ messageId, content: Buffer.from(messageId) });

function create(store = new Store(":memory:")) {
  const clock = createVirtualClock();
  const broker = new Broker({ store, clock, queues: [settings] });
  return { broker, clock, queue: broker.queue("jobs") };
}

/** Takes as many as it is told to. */
function takeUpTo(limit: number, delivered: string[]): Consumer {
  return {
    mode: "peek-lock",
    wantsMore: () => delivered.length < limit,
    deliver: ({ messageId }) => {
      delivered.push(messageId);
    },
  };
}

/** Accepts writes and fails when they are to become durable. */
class FullDisk extends Store {
  isFull = false;

  override commit(): void {
    if (this.isFull) throw new Error("disk full");
    super.commit();
  }
}

test("a message is delivered only after its commit, and its sender answered before", () => {
  const { broker, queue } = create();
  const events: string[] = [];
  broker.consume(queue, {
    mode: "peek-lock",
    wantsMore: () => true,
    deliver: () => events.push("delivered"),
  });

  queue.add(draft("a"));
  broker.afterCommit(() => events.push("answered"));
  const before = [...events];
  broker.runTurn();

  expect(before).toEqual([]);
  expect(events).toEqual(["answered", "delivered"]);
});

test("consumers are served in turn, as far as they want", () => {
  const { broker, queue } = create();
  const [one, two]: [string[], string[]] = [[], []];
  broker.consume(queue, takeUpTo(1, one));
  const stop = broker.consume(queue, takeUpTo(2, two));

  for (const id of ["a", "b", "c", "d"]) queue.add(draft(id));
  broker.runTurn();
  stop();
  broker.runTurn();

  expect([one, two]).toEqual([["a"], ["b", "c"]]);
  expect(queue.counts).toEqual({ active: 4, locked: 3, scheduled: 0, deferred: 0 });
});

test("several requests share one turn", async () => {
  const { broker, queue } = create();
  const answers: string[] = [];

  for (const id of ["a", "b"]) {
    queue.add(draft(id));
    broker.afterCommit(() => answers.push(id));
  }
  await new Promise((resolve) => setImmediate(resolve));

  expect(answers).toEqual(["a", "b"]);
});

test("when the store fails nothing more is promised", () => {
  const store = new FullDisk(":memory:");
  const { broker, queue } = create(store);
  const delivered: string[] = [];
  broker.consume(queue, takeUpTo(9, delivered));
  const failures: (BrokerFailure | undefined)[] = [];

  store.isFull = true;
  queue.add(draft("a"));
  broker.afterCommit((failure) => failures.push(failure));
  broker.runTurn();
  store.isFull = false;
  broker.runTurn();

  expect(failures).toMatchObject([{ code: "internal-error" }]);
  expect(delivered).toEqual([]);
  expect(() => broker.queue("jobs")).toThrow("The store of the local emulator failed");
});

test("ids outside the window are forgotten, so that the store does not grow", async () => {
  const store = new Store(":memory:");
  const { clock, queue } = create(store);

  for (let i = 0; i < 999; i++) queue.add(draft(`old-${i}`));
  await clock.advance(1000);
  const again = queue.add(draft("old-0"));
  const first = queue.add(draft("old-0"));

  expect(again).toBe(1000);
  expect(first).toBe(1000);
});

test("a late timer changes nothing: a lock that has ended is lost", () => {
  const store = new Store(":memory:");
  let time = 0;
  const clock = { now: () => time, schedule: () => () => undefined };
  const broker = new Broker({ store, clock, queues: [settings] });
  const queue = broker.queue("jobs");
  queue.add(draft("a"));
  const token = queue.lockNext()?.lock?.token ?? "";

  time = 1000;

  expect(() => {
    queue.complete(token);
  }).toThrow("lock supplied is invalid");
  expect(queue.lockNext()).toMatchObject({ deliveryCount: 1 });
});
