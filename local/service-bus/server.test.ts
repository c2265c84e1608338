import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../virtual-clock.ts";
import { startServiceBus } from "./server.ts";
import { connect, entitiesOf, receiveOne, startTestBus } from "./test-bus.ts";

describe("starting and stopping", () => {
  test("the connection string is one of the development emulator", async () => {
    const { bus } = await startTestBus();

    expect(bus.connectionString).toBe(
      `Endpoint=sb://127.0.0.1:${bus.port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true`,
    );
  });

  test("a port that is taken is said as it is", async () => {
    const { bus } = await startTestBus();

    const second = startServiceBus({
      file: ":memory:",
      port: bus.port,
      clock: createVirtualClock(),
      entities: entitiesOf({ jobs: {} }),
    });

    await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("it stops at once, whoever is connected", async () => {
    const { bus, client } = await startTestBus();
    await client.createSender("jobs").sendMessages({ body: 1, messageId: "m" });
    client.createReceiver("jobs").subscribe({
      processMessage: () => Promise.resolve(),
      processError: () => Promise.resolve(),
    });
    const idler = connectSocket(bus.port, "127.0.0.1");
    await once(idler, "connect");

    const startedAt = performance.now();
    const closed = once(idler, "close");
    await Promise.all([bus.stop(), bus.stop()]);
    await closed;

    expect(performance.now() - startedAt).toBeLessThan(500);
    await expect(once(connectSocket(bus.port, "127.0.0.1"), "connect")).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
  });

  test("a client that speaks no AMQP harms nobody", async () => {
    const logged: string[] = [];
    const { bus, client } = await startTestBus(
      {},
      {
        log: (message) => {
          logged.push(message);
        },
      },
    );
    const stranger = connectSocket(bus.port, "127.0.0.1");

    stranger.end("GET / HTTP/1.1\r\n\r\n");
    await once(stranger.resume(), "close");
    await client.createSender("jobs").sendMessages({ body: 1, messageId: "m" });

    expect(logged.join()).toContain("A connection failed");
    expect(bus.counts("jobs")).toMatchObject({ active: 1 });
  });
});

describe("a look inside", () => {
  test("counts and messages are told without receiving", async () => {
    const { bus, client, clock } = await startTestBus();
    const scheduledAt = clock.now() + 1000;

    await client.createSender("jobs").sendMessages([
      { body: { n: 1 }, messageId: "a", applicationProperties: { traceparent: "00-1" } },
      { body: "text", messageId: "b", scheduledEnqueueTimeUtc: new Date(scheduledAt) },
    ]);

    expect(bus.allCounts()).toEqual({
      jobs: { active: 1, locked: 0, scheduled: 1, deferred: 0, deadLetter: 0 },
    });
    expect(bus.peek("JOBS")).toEqual([
      {
        sequence: 1,
        messageId: "a",
        state: "active",
        isLocked: false,
        deliveryCount: 0,
        enqueuedAt: clock.now(),
        scheduledAt: undefined,
        body: { n: 1 },
        applicationProperties: { traceparent: "00-1" },
        deadLetterReason: undefined,
        deadLetterDescription: undefined,
      },
      expect.objectContaining({ messageId: "b", state: "scheduled", scheduledAt, body: "text" }),
    ]);
    expect(() => bus.counts("nope")).toThrow("could not be found");
  });
});

describe("faults on request", () => {
  test("a refused send is retried by the client, and refused once only", async () => {
    const { bus, client } = await startTestBus();
    const sender = client.createSender("jobs");

    bus.faults.add({ on: "send", effect: "refuse", queue: "jobs" });
    await sender.sendMessages({ body: 1, messageId: "a" });
    bus.faults.add({ on: "send", effect: "refuse", times: 10 });

    await expect(sender.sendMessages({ body: 2, messageId: "b" })).rejects.toThrow();
    bus.faults.clear();
    expect(bus.peek("jobs").map(({ body }) => body)).toEqual([1]);
  });

  test("a send whose answer is lost has happened; the client's repetition is a duplicate", async () => {
    const { bus } = await startTestBus({ RequiresDuplicateDetection: true });
    const sender = connect(bus.connectionString, 300).createSender("jobs");
    await sender.sendMessages({ body: 0, messageId: "warm" });

    bus.faults.add({ on: "send", effect: "lose-answer" });
    await sender.sendMessages({ body: 1, messageId: "a" });

    expect(bus.peek("jobs").map(({ messageId }) => messageId)).toEqual(["warm", "a"]);
  });

  test("a send whose request is lost has not happened until it is repeated", async () => {
    const { bus } = await startTestBus();
    const sender = connect(bus.connectionString, 300).createSender("jobs");

    bus.faults.add({ on: "send", effect: "lose-request" });
    await sender.sendMessages({ body: 1, messageId: "a" });

    expect(bus.peek("jobs")).toMatchObject([{ messageId: "a" }]);
  });

  test("a completion whose answer is lost has happened, but its receiver cannot know", async () => {
    const { bus } = await startTestBus();
    const client = connect(bus.connectionString, 300);
    await client.createSender("jobs").sendMessages({ body: 1, messageId: "a" });
    const receiver = client.createReceiver("jobs");
    const message = await receiveOne(receiver);

    bus.faults.add({ on: "settle", effect: "lose-answer" });

    await expect(receiver.completeMessage(message)).rejects.toThrow();
    expect(bus.counts("jobs")).toMatchObject({ active: 0, deadLetter: 0 });
  });

  test("a delayed send happens when its time has come", async () => {
    const { bus, client, clock } = await startTestBus();
    const sender = client.createSender("jobs");
    await sender.sendMessages({ body: 0, messageId: "warm" });

    bus.faults.add({ on: "send", effect: "delay", delayInMs: 500 });
    const sending = sender.sendMessages({ body: 1, messageId: "a" });
    await sender.sendMessages({ body: 2, messageId: "b" });
    const before = bus.peek("jobs").map(({ messageId }) => messageId);
    await clock.advance(500);
    await sending;

    expect(before).toEqual(["warm", "b"]);
    expect(bus.counts("jobs")).toMatchObject({ active: 3 });
  });

  test("a subscriber goes on when its connection was cut", async () => {
    const { bus, client } = await startTestBus();
    const seen: unknown[] = [];
    client.createReceiver("jobs").subscribe({
      processMessage: ({ body }) => Promise.resolve(void seen.push(body)),
      processError: () => Promise.resolve(),
    });
    const sender = connect(bus.connectionString, 300).createSender("jobs");
    await sender.sendMessages({ body: "before", messageId: "a" });
    await expect.poll(() => seen).toEqual(["before"]);

    bus.faults.disconnectAll();
    await sender.sendMessages({ body: "after", messageId: "b" });

    await expect.poll(() => seen, { timeout: 4000 }).toEqual(["before", "after"]);
  });

  test("a fault can be taken back, and every connection cut", async () => {
    const { bus, client } = await startTestBus();
    const sender = client.createSender("jobs");
    await sender.sendMessages({ body: 1, messageId: "a" });

    bus.faults.add({ on: "send", effect: "refuse", times: 100 })();
    bus.faults.disconnectAll();
    await connect(bus.connectionString)
      .createSender("jobs")
      .sendMessages({ body: 2, messageId: "b" });
    await sender.sendMessages({ body: 3, messageId: "c" });

    expect(bus.counts("jobs")).toMatchObject({ active: 3 });
  });
});
