/** What a function gets of a message, and what becomes of the message. */
import { describe, expect, test } from "vitest";
import { receiveOne } from "../../service-bus/test-bus.ts";
import { createInlet } from "../test-host.ts";
import { jobs, startWorker, startWorking } from "../../../test/support/queue-host.ts";

describe("a message", () => {
  test("reaches its function with its metadata and is then gone", async () => {
    const { bus, host, sender, inlet } = await startWorker();

    await sender.sendMessages({
      body: { order: 1 },
      messageId: "m1",
      subject: "placed",
      correlationId: "c1",
      contentType: "application/json",
      replyTo: "answers",
      applicationProperties: { "X-Tenant": "t1", attempt: 2 },
    });
    const { body, metadata } = await inlet.take();
    await host.stop();

    expect(body).toEqual({ order: 1 });
    expect(metadata).toMatchObject({
      deliveryCount: 1,
      messageId: "m1",
      subject: "placed",
      label: "placed",
      correlationId: "c1",
      contentType: "application/json",
      replyTo: "answers",
      sequenceNumber: 1,
      applicationProperties: { "x-Tenant": "t1", attempt: 2 },
      userProperties: { "x-Tenant": "t1", attempt: 2 },
      expiresAtUtc: "9999-12-31T23:59:59.9999999+00:00",
      enqueuedTimeUtc: "2026-01-05T11:00:00.000Z",
      messageReceiver: {},
    });
    expect(bus.counts("jobs")).toMatchObject({ active: 0, locked: 0, deadLetter: 0 });
  });

  test("that fails comes again at once, its delivery count one higher, until it is a dead letter", async () => {
    const { client, sender, inlet } = await startWorker(
      () => {
        throw new Error("broken");
      },
      { properties: { MaxDeliveryCount: 3 } },
    );

    await sender.sendMessages({ body: "poison" });
    const deliveries = await inlet.takeMany(3);
    const dead = await receiveOne(client.createReceiver("jobs", { subQueueType: "deadLetter" }));

    expect(deliveries.map(({ metadata }) => metadata["deliveryCount"])).toEqual([1, 2, 3]);
    expect(dead.deadLetterReason).toBe("MaxDeliveryCountExceeded");
    expect(inlet.size()).toBe(0);
  });

  test("whose function throws nothing at all counts as done, as in Azure", async () => {
    const { bus, host, sender, inlet } = await startWorker(() =>
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what a careless function does
      Promise.reject(undefined),
    );

    await sender.sendMessages({ body: "lost" });
    await inlet.take();
    await host.stop();

    expect(bus.counts("jobs")).toMatchObject({ active: 0, locked: 0, deadLetter: 0 });
  });

  test("can pass its body's members off as metadata: body keys shadow them, in any case", async () => {
    const { sender, inlet } = await startWorker();

    await sender.sendMessages({
      body: { messageId: "forged", DELIVERYCOUNT: 99, subject: "s", nested: { A: 1 }, list: [1] },
      messageId: "true",
    });
    const { metadata } = await inlet.take();

    expect(metadata["messageId"]).toBe("forged");
    expect(metadata).toMatchObject({ dELIVERYCOUNT: 99, subject: "s", nested: { a: 1 } });
    expect(metadata).not.toHaveProperty("deliveryCount");
    expect(metadata).not.toHaveProperty("list");
  });

  test.each([
    ["a JSON text becomes its value", { body: "text" }, "text"],
    [
      "a number keeps as many digits as JavaScript has",
      { body: Buffer.from("12345678901234567890") },
      12345678901234567000,
    ],
    ["what is no JSON stays a text", { body: Buffer.from("no json") }, "no json"],
    ["null is null", { body: Buffer.from("null") }, null],
  ])("%s", async (_, message, expected) => {
    const { sender, inlet } = await startWorker();

    await sender.sendMessages(message);

    expect((await inlet.take()).body).toEqual(expected);
  });

  test("stays bytes when the function says so", async () => {
    const inlet = createInlet<unknown>();
    const { sender } = await startWorking((app) => {
      app.serviceBusQueue("Work", { ...jobs, dataType: "binary", handler: inlet.put } as never);
    });

    await sender.sendMessages({ body: Buffer.from([1, 2, 255]) });

    expect(Buffer.from((await inlet.take()) as Uint8Array)).toEqual(Buffer.from([1, 2, 255]));
  });
});
