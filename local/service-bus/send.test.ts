import { describe, expect, test } from "vitest";
import { connect, receiveOne, startTestBus } from "./test-bus.ts";

const HOUR = 3_600_000;
const dedup = {
  RequiresDuplicateDetection: true,
  DuplicateDetectionHistoryTimeWindow: "PT10M",
} as const;

describe("scheduled messages", () => {
  test("a scheduled message is delivered when it is due, with its sequence number", async () => {
    const { bus, client, clock } = await startTestBus();
    const due = new Date(clock.now() + HOUR);

    const [sequence] = await client
      .createSender("jobs")
      .scheduleMessages([{ body: "later", messageId: "m" }], due);
    const receiver = client.createReceiver("jobs");
    const [peeked] = await receiver.peekMessages(10);
    await clock.advance(HOUR - 1);
    const before = bus.counts("jobs");
    await clock.advance(1);
    const message = await receiveOne(receiver);

    expect(peeked).toMatchObject({ body: "later", state: "scheduled" });
    expect(before).toMatchObject({ active: 0, scheduled: 1 });
    expect(message.sequenceNumber?.toNumber()).toBe(sequence?.toNumber());
    expect(message.enqueuedTimeUtc).toEqual(due);
  });

  test("scheduledEnqueueTimeUtc on a sent message does the same; the past is now", async () => {
    const { bus, client, clock } = await startTestBus();

    await client.createSender("jobs").sendMessages([
      { body: 1, messageId: "a", scheduledEnqueueTimeUtc: new Date(clock.now() + HOUR) },
      { body: 2, messageId: "b", scheduledEnqueueTimeUtc: new Date(clock.now() - HOUR) },
    ]);

    expect(bus.counts("jobs")).toMatchObject({ active: 1, scheduled: 1 });
    await clock.advance(HOUR);
    expect(bus.counts("jobs")).toMatchObject({ active: 2, scheduled: 0 });
  });

  test("a cancelled message never comes, and cannot be cancelled again", async () => {
    const { bus, client, clock } = await startTestBus();
    const sender = client.createSender("jobs");
    const [sequence] = await sender.scheduleMessages(
      [{ body: "never", messageId: "m" }],
      new Date(clock.now() + HOUR),
    );
    if (!sequence) throw new Error("It has a sequence number");

    await sender.cancelScheduledMessages(sequence);
    await clock.advance(2 * HOUR);

    expect(bus.counts("jobs")).toMatchObject({ active: 0, scheduled: 0 });
    await expect(sender.cancelScheduledMessages(sequence)).rejects.toThrow("no such message");
  });
});

describe("duplicate detection", () => {
  test("a second message with the same id within the window is dropped", async () => {
    const { bus, client, clock } = await startTestBus(dedup);
    const sender = client.createSender("jobs");

    await sender.sendMessages([
      { body: 1, messageId: "x" },
      { body: 2, messageId: "x" },
      { body: 3, messageId: "y" },
    ]);
    await clock.advance(10 * 60_000 - 1);
    await sender.sendMessages({ body: 4, messageId: "x" });
    await clock.advance(1);
    await sender.sendMessages({ body: 5, messageId: "x" });

    expect(bus.peek("jobs").map(({ body }) => body)).toEqual([1, 3, 5]);
  });

  test("a scheduled duplicate is answered with the first one's sequence number", async () => {
    const { bus, client, clock } = await startTestBus(dedup);
    const sender = client.createSender("jobs");
    const due = new Date(clock.now() + HOUR);

    const [first] = await sender.scheduleMessages([{ body: 1, messageId: "x" }], due);
    const [second] = await sender.scheduleMessages([{ body: 2, messageId: "x" }], due);

    expect(second?.toNumber()).toBe(first?.toNumber());
    expect(bus.counts("jobs")).toMatchObject({ scheduled: 1 });
  });

  test("an id is remembered when its message is long completed", async () => {
    const { bus, client } = await startTestBus(dedup);
    const sender = client.createSender("jobs");
    const receiver = client.createReceiver("jobs");

    await sender.sendMessages({ body: 1, messageId: "x" });
    await receiver.completeMessage(await receiveOne(receiver));
    await sender.sendMessages({ body: 2, messageId: "x" });

    expect(bus.counts("jobs")).toMatchObject({ active: 0 });
  });
});

describe("time to live", () => {
  test("an expired message becomes a dead letter where the queue says so", async () => {
    const { client, clock, bus } = await startTestBus({
      DefaultMessageTimeToLive: "PT1M",
      DeadLetteringOnMessageExpiration: true,
    });
    const sender = client.createSender("jobs");

    await sender.sendMessages([
      { body: "short", messageId: "a", timeToLive: 1000 },
      { body: "long", messageId: "b", timeToLive: HOUR },
    ]);
    await clock.advance(1000);

    expect(bus.peek("jobs").map(({ body }) => body)).toEqual(["long"]);
    await clock.advance(59_000);
    const dead = client.createReceiver("jobs", { subQueueType: "deadLetter" });
    expect(await receiveOne(dead)).toMatchObject({
      body: "short",
      deadLetterReason: "TTLExpiredException",
    });
    expect(bus.counts("jobs")).toMatchObject({ active: 0, deadLetter: 2 });
  });

  test("an expired message is dropped elsewhere", async () => {
    const { client, clock, bus } = await startTestBus({ DefaultMessageTimeToLive: "PT1M" });

    await client.createSender("jobs").sendMessages({ body: 1, messageId: "a" });
    await clock.advance(60_000);

    expect(bus.counts("jobs")).toMatchObject({ active: 0, deadLetter: 0 });
  });

  test("a message that is being handled does not expire", async () => {
    const { client, clock } = await startTestBus({
      DefaultMessageTimeToLive: "PT10S",
      LockDuration: "PT1M",
    });
    await client.createSender("jobs").sendMessages({ body: 1, messageId: "a" });
    const receiver = client.createReceiver("jobs");
    const message = await receiveOne(receiver);

    await clock.advance(20_000);

    await expect(receiver.completeMessage(message)).resolves.toBeUndefined();
  });
});

describe("refusals", () => {
  test("an unknown queue is not found", async () => {
    const { client } = await startTestBus();

    const sending = client.createSender("nope").sendMessages({ body: 1 });
    const receiving = client.createReceiver("nope").receiveMessages(1);

    await expect(sending).rejects.toMatchObject({ code: "MessagingEntityNotFound" });
    await expect(receiving).rejects.toMatchObject({ code: "MessagingEntityNotFound" });
  });

  test("a message that is too large is refused, as in Azure", async () => {
    const { bus, client } = await startTestBus();

    const sending = client
      .createSender("jobs")
      .sendMessages({ body: "x".repeat(300_000), messageId: "m" });

    await expect(sending).rejects.toMatchObject({ code: "MessageSizeExceeded" });
    expect(bus.counts("jobs")).toMatchObject({ active: 0 });
  });

  test("a large message passes in one piece", async () => {
    const { client } = await startTestBus();
    const body = "x".repeat(250_000);

    await client.createSender("jobs").sendMessages({ body, messageId: "m" });
    const message = await receiveOne(client.createReceiver("jobs"));

    expect(message.body).toBe(body);
  });

  test("sessions, subscriptions and transfer queues are not supported by the local emulator", async () => {
    const { client } = await startTestBus();

    const why = "not supported by the local emulator";
    // For a session with a name the SDK has a reason of its own.
    await expect(client.acceptSession("jobs", "s")).rejects.toThrow("Failed to create a receiver");
    await expect(client.acceptNextSession("jobs")).rejects.toThrow(why);
    await expect(client.createReceiver("topic", "sub").receiveMessages(1)).rejects.toThrow(why);
    const transfer = client.createReceiver("jobs", { subQueueType: "transferDeadLetter" });
    await expect(transfer.receiveMessages(1)).rejects.toThrow(why);
  });

  test("a client with another key is refused", async () => {
    const { bus } = await startTestBus();
    const stranger = connect(
      bus.connectionString.replace(/SharedAccessKey=[^;]*/, "SharedAccessKey=other"),
    );

    const sending = stranger.createSender("jobs").sendMessages({ body: 1 });

    await expect(sending).rejects.toMatchObject({
      errors: [{ message: "Unauthorized access: InvalidSignature." }, {}],
    });
    expect(bus.counts("jobs")).toMatchObject({ active: 0 });
  });
});
