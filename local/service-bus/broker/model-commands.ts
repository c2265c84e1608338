/** Everything that can happen to a queue, done to the broker and to the naive queue; afterwards both are compared. */
import fc from "fast-check";
import { expect } from "vitest";
import type { VirtualClock } from "../../virtual-clock.ts";
import type { Broker } from "./broker.ts";
import type { NaiveDraft, NaiveMessage, NaiveQueue } from "./naive-queue.ts";
import type { Queue } from "./queue.ts";

export interface Real {
  broker: Broker;
  readonly clock: VirtualClock;
  readonly restart: () => Broker;
}

export interface Model {
  readonly queue: NaiveQueue;
  /** Every lock token ever given, with the message it was for; a lock that ended is stale. */
  readonly tokens: {
    readonly token: string;
    readonly message: NaiveMessage;
    isStale: boolean;
  }[];
}

type Command = fc.AsyncCommand<Model, Real>;

const queueOf = (real: Real): Queue => real.broker.queue("jobs");

const listed = (queue: Queue): unknown[] =>
  queue
    .peek(0, 1000)
    .map((message) => [
      message.sequence,
      message.messageId,
      message.state,
      message.deliveryCount,
      message.lock !== undefined,
      message.deadLetter?.reason ?? "",
      String.fromCharCode(...queue.content(message)),
    ]);

const expected = (messages: readonly NaiveMessage[]): unknown[] =>
  [...messages]
    .sort((a, b) => a.sequence - b.sequence)
    .map((message) => [
      message.sequence,
      message.messageId,
      message.state,
      message.deliveryCount,
      message.lockedUntil !== -Infinity,
      message.reason,
      message.messageId,
    ]);

/** Ends the locks that the model no longer holds, and compares all there is. */
function compare(model: Model, real: Real): void {
  real.broker.runTurn();
  model.queue.settle();
  for (const entry of model.tokens) entry.isStale ||= entry.message.lockedUntil === -Infinity;
  const { alive, messages } = model.queue;
  const dead = messages.filter(({ reason }) => reason !== "");
  expect(listed(queueOf(real))).toEqual(expected(alive));
  expect(listed(real.broker.queue("jobs/$DeadLetterQueue"))).toEqual(expected(dead));
}

const command = (
  name: string,
  run: (model: Model, real: Real) => void | Promise<void>,
): Command => ({
  check: () => true,
  toString: () => name,
  async run(model, real) {
    await run(model, real);
    compare(model, real);
  },
});

const send = (draft: NaiveDraft): Command =>
  command(`send ${JSON.stringify(draft)}`, (model, real) => {
    const { messageId, timeToLiveInMs, delayInMs } = draft;
    const sequence = queueOf(real).add({
      messageId,
      content: Buffer.from(messageId),
      scheduledAt: real.clock.now() + delayInMs,
      ...(timeToLiveInMs !== Infinity && { timeToLiveInMs }),
    });
    expect(sequence).toBe(model.queue.add(draft));
  });

const receive = command("receive", (model, real) => {
  const received = queueOf(real).lockNext();
  const message = model.queue.receive();
  expect(received?.sequence).toBe(message?.sequence);
  if (!received?.lock || !message) return;
  model.tokens.push({ token: received.lock.token, message, isStale: false });
});

const receiveAndDelete = command("receive and delete", (model, real) => {
  const removed = queueOf(real).removeNext();
  const message = model.queue.receive();
  expect(removed?.message.sequence).toBe(message?.sequence);
  if (message) model.queue.remove(message);
});

const receiveDeferred = command("receive deferred", (model, real) => {
  const message = model.queue.alive.find(
    ({ state, lockedUntil }) => state === "deferred" && lockedUntil === -Infinity,
  );
  const take = (): string | undefined =>
    queueOf(real).lockDeferred([message?.sequence ?? -1])[0]?.lock?.token;
  if (!message) {
    expect(take).toThrow("no such message");
    return;
  }
  model.queue.lock(message);
  model.tokens.push({ token: take() ?? "", message, isStale: false });
});

type Verdict = "complete" | "abandon" | "release" | "defer" | "deadLetter" | "renew";

const onReal: Record<Verdict, (queue: Queue, token: string) => unknown> = {
  complete: (queue, token) => {
    queue.complete(token);
  },
  abandon: (queue, token) => {
    queue.abandon(token);
  },
  release: (queue, token) => {
    queue.release(token);
  },
  defer: (queue, token) => {
    queue.defer(token);
  },
  deadLetter: (queue, token) => {
    queue.deadLetter(token, { reason: "bad" });
  },
  renew: (queue, token) => queue.renew(token),
};

const onModel: Record<Verdict, (queue: NaiveQueue, message: NaiveMessage) => void> = {
  complete: (queue, message) => {
    queue.remove(message);
    message.lockedUntil = -Infinity;
  },
  abandon: (queue, message) => {
    queue.fail(message);
  },
  release: (queue, message) => {
    queue.release(message);
  },
  defer: (queue, message) => {
    message.state = "deferred";
    queue.fail(message);
  },
  deadLetter: (queue, message) => {
    queue.bury(message, "bad");
  },
  renew: (queue, message) => {
    queue.lock(message);
  },
};

const settle = (verdict: Verdict, which: number): Command =>
  command(`${verdict} ${which}`, (model, real) => {
    const entry = model.tokens[which % Math.max(model.tokens.length, 1)];
    if (!entry) return;
    const act = (): unknown => onReal[verdict](queueOf(real), entry.token);
    if (entry.isStale) {
      expect(act).toThrow("lock supplied is invalid");
      return;
    }
    act();
    onModel[verdict](model.queue, entry.message);
    entry.isStale = verdict !== "renew";
  });

const cancel = (which: number): Command =>
  command(`cancel ${which}`, (model, real) => {
    const scheduled = model.queue.alive.filter(({ state }) => state === "scheduled");
    const message = scheduled[which % Math.max(scheduled.length, 1)];
    if (!message) return;
    queueOf(real).cancel([message.sequence]);
    model.queue.remove(message);
  });

const advance = (byInMs: number): Command =>
  command(`advance ${byInMs}`, async (model, real) => {
    await real.clock.advance(byInMs);
    model.queue.advance(byInMs);
  });

const restart = command("restart", (model, real) => {
  real.broker.stop();
  real.broker = real.restart();
  model.queue.restart();
});

export const queueCommands = [
  fc
    .record({
      messageId: fc.constantFrom("a", "b", "c", "d", "e", "f"),
      timeToLiveInMs: fc.constantFrom(Infinity, Infinity, 15, 40),
      delayInMs: fc.constantFrom(0, 0, 0, 5, 25),
    })
    .map(send),
  fc.constant(receive),
  fc.constant(receiveAndDelete),
  fc.constant(receiveDeferred),
  fc
    .tuple(
      fc.constantFrom<Verdict>("complete", "abandon", "release", "defer", "deadLetter", "renew"),
      fc.nat({ max: 20 }),
    )
    .map(([verdict, which]) => settle(verdict, which)),
  fc.nat({ max: 5 }).map(cancel),
  fc.constantFrom(1, 4, 10, 30).map(advance),
  fc.constant(restart),
];
