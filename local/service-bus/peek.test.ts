import { describe, expect, test } from "vitest";
import { receiveOne, startTestBus } from "./test-bus.ts";

const idsOf = (messages: readonly { messageId?: unknown }[]): unknown[] =>
  messages.map(({ messageId }) => messageId);

describe("peek", () => {
  test("shows what is there in any state, by sequence number, and changes nothing", async () => {
    const { bus, client, clock } = await startTestBus();
    const sender = client.createSender("jobs");
    const receiver = client.createReceiver("jobs");
    await sender.sendMessages(
      ["locked", "deferred", "active"].map((id) => ({ messageId: id, body: id })),
    );
    await sender.scheduleMessages(
      { messageId: "scheduled", body: "scheduled" },
      new Date(clock.now() + 60_000),
    );
    const locked = await receiveOne(receiver);
    await receiver.deferMessage(await receiveOne(receiver));
    const before = bus.counts("jobs");

    const peeked = await client.createReceiver("jobs").peekMessages(10);

    expect(peeked.map(({ messageId, state }) => [messageId, state])).toEqual([
      ["locked", "active"],
      ["deferred", "deferred"],
      ["active", "active"],
      ["scheduled", "scheduled"],
    ]);
    expect(peeked[2]).toMatchObject({ body: "active", deliveryCount: 0 });
    expect(bus.counts("jobs")).toEqual(before);
    await receiver.completeMessage(locked);
  });

  test("goes on after what it has shown, and can begin anywhere", async () => {
    const { client } = await startTestBus();
    const sender = client.createSender("jobs");
    const receiver = client.createReceiver("jobs");
    await sender.sendMessages(["1", "2", "3", "4"].map((id) => ({ messageId: id, body: id })));

    const first = await receiver.peekMessages(2);
    const next = await receiver.peekMessages(2);
    const last = await receiver.peekMessages(2);
    const { sequenceNumber } = first[1] ?? {};
    const again = await receiver.peekMessages(1, {
      ...(sequenceNumber !== undefined && { fromSequenceNumber: sequenceNumber }),
    });

    expect([first, next, last, again].map(idsOf)).toEqual([["1", "2"], ["3", "4"], [], ["2"]]);
  });

  test("shows dead letters with their reasons, without receiving them", async () => {
    const { bus, client } = await startTestBus();
    await client.createSender("jobs").sendMessages({ messageId: "1", body: 1 });
    const receiver = client.createReceiver("jobs");
    await receiver.deadLetterMessage(await receiveOne(receiver), {
      deadLetterReason: "bad",
      deadLetterErrorDescription: "very",
    });

    const dead = client.createReceiver("jobs", { subQueueType: "deadLetter" });

    expect(await dead.peekMessages(10)).toMatchObject([
      { messageId: "1", deadLetterReason: "bad", deadLetterSource: "jobs" },
    ]);
    expect(bus.counts("jobs")).toMatchObject({ active: 0, deadLetter: 1 });
  });
});

describe("a batch", () => {
  test("is filled up to the size that the queue takes, and arrives as a whole in order", async () => {
    const { client, bus } = await startTestBus();
    const sender = client.createSender("jobs");
    const batch = await sender.createMessageBatch();
    let count = 0;
    while (batch.tryAddMessage({ messageId: `m${count}`, body: "x".repeat(10_000) })) count++;

    await sender.sendMessages(batch);
    const received = await client.createReceiver("jobs").receiveMessages(count);

    expect(count).toBe(batch.count);
    expect(batch.sizeInBytes).toBeLessThanOrEqual(262_144);
    expect(received[0]?.messageId).toBe("m0");
    expect(bus.counts("jobs").active).toBe(count);
  });

  test("loses only its duplicates where duplicates are detected", async () => {
    const { client, bus } = await startTestBus({ RequiresDuplicateDetection: true });
    const sender = client.createSender("jobs");
    await sender.sendMessages({ messageId: "b", body: 1 });

    await sender.sendMessages(["a", "b", "c", "a"].map((id) => ({ messageId: id, body: id })));

    expect(idsOf(bus.peek("jobs"))).toEqual(["b", "a", "c"]);
  });

  test("of scheduled messages is scheduled and cancelled as one", async () => {
    const { client, bus, clock } = await startTestBus();
    const sender = client.createSender("jobs");
    const messages = ["1", "2", "3"].map((id) => ({ messageId: id, body: id }));
    const numbers = await sender.scheduleMessages(messages, new Date(clock.now() + 60_000));

    await sender.cancelScheduledMessages(numbers.slice(0, 2));
    await clock.advance(60_000);

    expect(bus.peek("jobs")).toMatchObject([{ messageId: "3", state: "active" }]);
  });
});

test("a dead letter can be sent again, as a message of its own", async () => {
  const { client, bus } = await startTestBus({ RequiresDuplicateDetection: true });
  const sender = client.createSender("jobs");
  await sender.sendMessages({ messageId: "1", body: { n: 1 } });
  const receiver = client.createReceiver("jobs");
  await receiver.deadLetterMessage(await receiveOne(receiver));
  const deadLetters = client.createReceiver("jobs", { subQueueType: "deadLetter" });

  const dead = await receiveOne(deadLetters);
  await sender.sendMessages({ messageId: "1/again", body: dead.body as unknown });
  await deadLetters.completeMessage(dead);

  const again = await receiveOne(receiver);
  expect(again).toMatchObject({ messageId: "1/again", body: { n: 1 }, deliveryCount: 0 });
  expect(bus.counts("jobs")).toMatchObject({ active: 1, deadLetter: 0 });
});
