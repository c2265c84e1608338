/** Many messages at once, lost connections, and the end of the host. */
import { describe, expect, test } from "vitest";
import { connect, startTestBus } from "../../service-bus/test-bus.ts";
import { createGate, startTestHost } from "../test-host.ts";
import { jobs, startWorker } from "../../../test/support/queue-host.ts";

describe("many messages", () => {
  test("run side by side, as many as host.json allows", async () => {
    const gate = createGate();
    const running = { now: 0, most: 0 };
    const { sender, inlet } = await startWorker(
      async () => {
        running.most = Math.max(running.most, ++running.now);
        await gate.opened;
        running.now--;
      },
      {
        host: {
          hostJson: { version: "2.0", extensions: { serviceBus: { maxConcurrentCalls: 3 } } },
        },
      },
    );

    await sender.sendMessages(Array.from({ length: 10 }, (_, n) => ({ body: { n } })));
    await inlet.takeMany(3);
    const waiting = inlet.size();
    gate.open();
    await inlet.takeMany(7);

    expect([waiting, running.most]).toEqual([0, 3]);
  });

  test("one that hangs does not hold up the others", async () => {
    const gate = createGate();
    const { sender, inlet } = await startWorker(
      (body) => ((body as { n: number }).n === 0 ? gate.opened : undefined),
      {
        host: {
          hostJson: { version: "2.0", extensions: { serviceBus: { maxConcurrentCalls: 2 } } },
        },
      },
    );

    await sender.sendMessages(Array.from({ length: 50 }, (_, n) => ({ body: { n } })));

    expect(await inlet.takeMany(50)).toHaveLength(50);
    gate.open();
  });
});

describe("the connection", () => {
  test("is made again when it is cut, and no message is lost", async () => {
    const { bus, sender, inlet } = await startWorker();
    await sender.sendMessages({ body: { n: 1 } });
    await inlet.take();

    bus.faults.disconnectAll();
    await connect(bus.connectionString)
      .createSender("jobs")
      .sendMessages({ body: { n: 2 } });

    // What was not settled when the connection went may come again.
    const bodies = [(await inlet.take()).body];
    if (bodies.some((body) => (body as { n: number }).n !== 2))
      bodies.push((await inlet.take()).body);
    expect(bodies).toContainEqual({ n: 2 });
  });

  test("a queue that is not there stops the start", async () => {
    const { bus } = await startTestBus();

    const starting = startTestHost(
      (app) => {
        app.serviceBusQueue("Work", { ...jobs, queueName: "none", handler: () => undefined });
      },
      { settings: { Bus: bus.connectionString } },
    );

    await expect(starting).rejects.toThrow('Work cannot start: Service Bus has no "none".');
  });

  test("a Service Bus that does not answer stops the start after a while", async () => {
    const { bus } = await startTestBus();
    await bus.stop();

    const starting = startTestHost(
      (app) => {
        app.serviceBusQueue("Work", { ...jobs, handler: () => undefined });
      },
      { settings: { Bus: bus.connectionString }, startPatienceInMs: 300 },
    );

    await expect(starting).rejects.toThrow("Work cannot start: Service Bus did not answer");
  });

  test.each([
    ["sessions", { isSessionsEnabled: true }, "isSessionsEnabled is not supported"],
    ["batches", { cardinality: "many" }, "only one message at a time is supported"],
    ["topics", { queueName: undefined, topicName: "t" }, "only queues are supported"],
  ])("%s are refused, not ignored", async (_, options, message) => {
    const { bus } = await startTestBus();

    const starting = startTestHost(
      (app) => {
        const handler = (): void => undefined;
        app.serviceBusQueue("Work", { ...jobs, ...options, handler } as typeof jobs & {
          readonly handler: () => void;
        });
      },
      { settings: { Bus: bus.connectionString } },
    );

    await expect(starting).rejects.toThrow(message);
  });
});

describe("a host that stops", () => {
  test("lets the message that is worked on finish, and takes no other", async () => {
    const gate = createGate();
    const { bus, host, sender, inlet } = await startWorker(() => gate.opened, {
      host: {
        hostJson: { version: "2.0", extensions: { serviceBus: { maxConcurrentCalls: 1 } } },
      },
    });
    await sender.sendMessages([{ body: 1 }, { body: 2 }]);
    await inlet.take();

    const startedAt = performance.now();
    const stopping = host.stop();
    gate.open();
    await stopping;

    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(bus.counts("jobs")).toMatchObject({ active: 1, deadLetter: 0 });
    expect(inlet.size()).toBe(0);
  });
});
