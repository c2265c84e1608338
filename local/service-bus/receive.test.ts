import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../virtual-clock.ts";
import { receiveOne, startTestBus } from "./test-bus.ts";

describe("peek-lock", () => {
  test("a message arrives as it was sent", async () => {
    const { bus, client } = await startTestBus();

    await client.createSender("jobs").sendMessages({
      body: { hello: "world" },
      messageId: "m1",
      subject: "greeting",
      correlationId: "c1",
      contentType: "application/json",
      partitionKey: "p1",
      timeToLive: 60_000,
      applicationProperties: { tenant: "t1", count: 3, ratio: 1.5, isNew: true, at: new Date(0) },
    });
    const message = await receiveOne(client.createReceiver("jobs"));

    expect(message).toMatchObject({
      body: { hello: "world" },
      messageId: "m1",
      subject: "greeting",
      correlationId: "c1",
      contentType: "application/json",
      partitionKey: "p1",
      timeToLive: 60_000,
      applicationProperties: { tenant: "t1", count: 3, ratio: 1.5, isNew: true },
      deliveryCount: 0,
      state: "active",
    });
    expect(message.sequenceNumber?.toNumber()).toBe(1);
    expect(bus.counts("jobs")).toMatchObject({ active: 1, locked: 1 });
  });

  test("a message without an id gets one", async () => {
    const { client } = await startTestBus();

    await client.createSender("jobs").sendMessages({ body: "anonymous" });
    const receiver = client.createReceiver("jobs");
    const message = await receiveOne(receiver);
    await receiver.completeMessage(message);

    expect(message.messageId).toMatch(/^[0-9a-f]{32}$/);
    expect(message.body).toBe("anonymous");
  });

  test("a completed message is gone", async () => {
    const { bus, client } = await startTestBus();
    await client.createSender("jobs").sendMessages({ body: 1, messageId: "m" });
    const receiver = client.createReceiver("jobs");

    await receiver.completeMessage(await receiveOne(receiver));

    expect(bus.counts("jobs")).toEqual({
      active: 0,
      locked: 0,
      scheduled: 0,
      deferred: 0,
      deadLetter: 0,
    });
  });

  test("an abandoned message comes back with its changed properties until it is a dead letter", async () => {
    const { client } = await startTestBus({ MaxDeliveryCount: 3 });
    await client.createSender("jobs").sendMessages({ body: "text", messageId: "m" });
    const receiver = client.createReceiver("jobs");

    const counts: (number | undefined)[] = [];
    for (const attempt of [1, 2, 3]) {
      const message = await receiveOne(receiver);
      counts.push(message.deliveryCount);
      await receiver.abandonMessage(message, { attempt });
    }
    const dead = await receiveOne(client.createReceiver("jobs", { subQueueType: "deadLetter" }));

    expect(counts).toEqual([0, 1, 2]);
    expect(dead).toMatchObject({
      body: "text",
      messageId: "m",
      deadLetterReason: "MaxDeliveryCountExceeded",
      deadLetterSource: "jobs",
      deliveryCount: 3,
      applicationProperties: { attempt: 3 },
    });
    expect(dead.sequenceNumber?.toNumber()).toBe(1);
  });

  test("a message can be made a dead letter, with a reason and properties", async () => {
    const { bus, client } = await startTestBus();
    await client.createSender("jobs").sendMessages({ body: { a: 1 }, messageId: "m" });
    const receiver = client.createReceiver("jobs");

    await receiver.deadLetterMessage(await receiveOne(receiver), {
      deadLetterReason: "bad",
      deadLetterErrorDescription: "because",
      extra: "x",
    });
    const deadLetters = client.createReceiver("jobs", { subQueueType: "deadLetter" });
    const dead = await receiveOne(deadLetters);

    expect(dead).toMatchObject({
      body: { a: 1 },
      deadLetterReason: "bad",
      deadLetterErrorDescription: "because",
      applicationProperties: { extra: "x" },
    });
    expect(bus.counts("jobs")).toMatchObject({ active: 0, deadLetter: 1 });
    await expect(deadLetters.deadLetterMessage(dead)).rejects.toThrow("already");
  });

  test("a deferred message is received by its sequence number and settled", async () => {
    const { bus, client } = await startTestBus();
    await client.createSender("jobs").sendMessages({ body: "later", messageId: "m" });
    const receiver = client.createReceiver("jobs");
    const message = await receiveOne(receiver);
    if (!message.sequenceNumber) throw new Error("It has a sequence number");

    await receiver.deferMessage(message, { why: "early" });
    expect(bus.counts("jobs")).toMatchObject({ active: 0, deferred: 1 });
    const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber);

    expect(deferred).toMatchObject({
      body: "later",
      state: "deferred",
      applicationProperties: { why: "early" },
    });
    if (deferred) await receiver.completeMessage(deferred);
    expect(bus.counts("jobs")).toMatchObject({ deferred: 0 });
    await expect(receiver.receiveDeferredMessages(message.sequenceNumber)).rejects.toThrow(
      "no such message",
    );
  });
});

describe("locks", () => {
  test("a message is locked for the lock duration, then delivered again", async () => {
    const { client, clock } = await startTestBus({ LockDuration: "PT30S" });
    await client.createSender("jobs").sendMessages({ body: 1, messageId: "m" });
    const receiver = client.createReceiver("jobs", { maxAutoLockRenewalDurationInMs: 0 });
    const first = await receiveOne(receiver);

    await clock.advance(30_000);

    await expect(receiver.completeMessage(first)).rejects.toMatchObject({
      code: "MessageLockLost",
    });
    const second = await receiveOne(receiver);
    expect(second.deliveryCount).toBe(1);
    await receiver.completeMessage(second);
  });

  test("a renewed lock holds as long again", async () => {
    const { client, clock } = await startTestBus({ LockDuration: "PT30S" });
    await client.createSender("jobs").sendMessages({ body: 1, messageId: "m" });
    const receiver = client.createReceiver("jobs", { maxAutoLockRenewalDurationInMs: 0 });
    const message = await receiveOne(receiver);

    await clock.advance(20_000);
    const until = await receiver.renewMessageLock(message);
    await clock.advance(20_000);

    expect(until.getTime()).toBeGreaterThan(0);
    await expect(receiver.completeMessage(message)).resolves.toBeUndefined();
  });

  test("a receiver is told by the machine's clock until when its lock holds", async () => {
    const machine = createVirtualClock(Date.UTC(2020, 0, 1));
    const { client } = await startTestBus({ LockDuration: "PT30S" }, { clientClock: machine });
    await client.createSender("jobs").sendMessages({ body: 1, messageId: "m" });
    const receiver = client.createReceiver("jobs", { maxAutoLockRenewalDurationInMs: 0 });

    const message = await receiveOne(receiver);
    const lockedUntil = message.lockedUntilUtc;
    await machine.advance(5000);
    const renewedUntil = await receiver.renewMessageLock(message);

    expect(lockedUntil).toEqual(new Date(Date.UTC(2020, 0, 1, 0, 0, 30)));
    expect(renewedUntil).toEqual(new Date(Date.UTC(2020, 0, 1, 0, 0, 35)));
  });

  test("a lock outlives the receiver that held it, and the message can be settled without its link", async () => {
    const { bus, client } = await startTestBus();
    await client.createSender("jobs").sendMessages({ body: 1, messageId: "m" });
    const receiver = client.createReceiver("jobs");

    await receiveOne(receiver);
    await receiver.close();

    expect(bus.counts("jobs")).toMatchObject({ active: 1, locked: 1 });
  });
});

describe("receive and delete", () => {
  test("messages are gone when they are delivered", async () => {
    const { bus, client } = await startTestBus();
    await client.createSender("jobs").sendMessages([
      { body: 1, messageId: "a" },
      { body: 2, messageId: "b" },
      { body: 3, messageId: "c" },
    ]);
    const receiver = client.createReceiver("jobs", { receiveMode: "receiveAndDelete" });

    const first = await receiver.receiveMessages(2, { maxWaitTimeInMs: 3000 });

    expect(first.map(({ body }) => body as number)).toEqual([1, 2]);
    expect(bus.counts("jobs")).toMatchObject({ active: 1, locked: 0 });
  });
});

describe("subscribe", () => {
  test("a handler that throws gets the message again; the others are completed", async () => {
    const { bus, client } = await startTestBus();
    const sender = client.createSender("jobs");
    const batch = await sender.createMessageBatch();
    for (let i = 0; i < 5; i++) batch.tryAddMessage({ body: i, messageId: `m${i}` });
    await sender.sendMessages(batch);

    const seen: [number, number | undefined][] = [];
    await new Promise<void>((resolve) => {
      client.createReceiver("jobs").subscribe(
        {
          processMessage: (message) => {
            if (message.body === 3 && message.deliveryCount === 0) {
              return Promise.reject(new Error("once"));
            }
            seen.push([message.body as number, message.deliveryCount]);
            if (seen.length === 5) resolve();
            return Promise.resolve();
          },
          processError: () => Promise.resolve(),
        },
        { maxConcurrentCalls: 4 },
      );
    });
    await expect.poll(() => bus.counts("jobs").active).toBe(0);

    expect(seen.sort(([a], [b]) => a - b)).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 0],
    ]);
  });

  test("two receivers share the messages", async () => {
    const { client } = await startTestBus();
    const takenBy: string[] = [];
    const subscribe = (name: string, done: () => void): void => {
      client.createReceiver("jobs").subscribe({
        processMessage: () => {
          takenBy.push(name);
          if (takenBy.length === 20) done();
          return Promise.resolve();
        },
        processError: () => Promise.resolve(),
      });
    };
    const all = new Promise<void>((resolve) => {
      subscribe("a", resolve);
      subscribe("b", resolve);
    });

    const sender = client.createSender("jobs");
    for (let i = 0; i < 20; i++) await sender.sendMessages({ body: i, messageId: `m${i}` });
    await all;

    expect(new Set(takenBy)).toEqual(new Set(["a", "b"]));
  });
});
