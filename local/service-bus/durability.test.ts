import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { createVirtualClock } from "../virtual-clock.ts";
import { type LocalServiceBus, startServiceBus } from "./server.ts";
import { connect, entitiesOf, receiveOne } from "./test-bus.ts";

const workerUrl = new URL("./bus-worker.ts", import.meta.url);

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "service-bus-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return join(folder, "bus.sqlite");
}

async function open(
  file: string,
  clock = createVirtualClock(),
  properties: object = {},
): Promise<LocalServiceBus> {
  const entities = entitiesOf({ jobs: { RequiresDuplicateDetection: true, ...properties } });
  const bus = await startServiceBus({ file, port: 0, clock, entities });
  onTestFinished(() => bus.stop());
  return bus;
}

async function forkBus(file: string): Promise<{ child: ChildProcess; connectionString: string }> {
  const child = fork(workerUrl, [file]);
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const [connectionString] = (await once(child, "message")) as [string];
  return { child, connectionString };
}

test("every accepted message survives kill -9; one that was locked is available again", async () => {
  const file = temporaryFile();
  const { child, connectionString } = await forkBus(file);
  const client = connect(connectionString);
  const sender = client.createSender("jobs");
  const receiver = client.createReceiver("jobs");
  await sender.sendMessages({ body: 0, messageId: "abandoned" });
  await receiver.abandonMessage(await receiveOne(receiver), { tried: "yes" });
  await receiveOne(receiver);

  const accepted: string[] = [];
  const exited = once(child, "exit");
  const keepSending = async (writer: number): Promise<void> => {
    for (let index = 0; ; index++) {
      const messageId = `${writer}/${index}`;
      await sender.sendMessages({ body: index, messageId });
      accepted.push(messageId);
      if (accepted.length === 500) child.kill("SIGKILL");
    }
  };
  // All of them fail in the end: when the server has gone.
  const sending = Promise.allSettled(Array.from({ length: 40 }, (_, at) => keepSending(at)));
  await exited;
  const known = [...accepted];
  void Promise.allSettled([sending, client.close()]);

  const bus = await open(file);
  const messages = bus.peek("jobs");
  expect(known.length).toBeGreaterThanOrEqual(500);
  const kept = new Set(messages.map(({ messageId }) => messageId));
  expect(known.filter((messageId) => !kept.has(messageId))).toEqual([]);
  expect(messages[0]).toMatchObject({
    messageId: "abandoned",
    isLocked: false,
    deliveryCount: 1,
    applicationProperties: { tried: "yes" },
  });
});

test("scheduled, deferred and dead messages, sequence numbers and known ids survive a restart", async () => {
  const file = temporaryFile();
  const clock = createVirtualClock();
  const before = await open(file, clock);
  const client = connect(before.connectionString);
  const sender = client.createSender("jobs");
  const receiver = client.createReceiver("jobs");
  await sender.sendMessages([
    { body: "done", messageId: "done" },
    { body: "bad", messageId: "bad" },
    { body: "aside", messageId: "aside" },
    { body: "due", messageId: "due", scheduledEnqueueTimeUtc: new Date(clock.now() + 1000) },
  ]);
  await receiver.completeMessage(await receiveOne(receiver));
  await receiver.deadLetterMessage(await receiveOne(receiver), {
    deadLetterReason: "bad",
    deadLetterErrorDescription: "very",
  });
  await receiver.deferMessage(await receiveOne(receiver));
  await client.close();
  await before.stop();

  await clock.advance(1000);
  const after = await open(file, clock);
  const again = connect(after.connectionString).createSender("jobs");
  await again.sendMessages([
    { body: "again", messageId: "done" },
    { body: "new", messageId: "new" },
  ]);

  expect(
    after.peek("jobs").map(({ sequence, messageId, state }) => [sequence, messageId, state]),
  ).toEqual([
    [3, "aside", "deferred"],
    [4, "due", "active"],
    [5, "new", "active"],
  ]);
  expect(after.peek("jobs/$DeadLetterQueue")).toMatchObject([
    { messageId: "bad", deadLetterReason: "bad" },
  ]);
});

test("sequence numbers go on when all messages are gone", async () => {
  const file = temporaryFile();
  const before = await open(file);
  const client = connect(before.connectionString);
  await client.createSender("jobs").sendMessages({ body: 1, messageId: "a" });
  const receiver = client.createReceiver("jobs");
  await receiver.completeMessage(await receiveOne(receiver));
  await client.close();
  await before.stop();

  const after = await open(file);
  await connect(after.connectionString)
    .createSender("jobs")
    .sendMessages({ body: 2, messageId: "b" });

  expect(after.peek("jobs")).toMatchObject([{ sequence: 2 }]);
});

test("a second emulator on the same file is refused", async () => {
  const file = temporaryFile();
  await open(file);

  await expect(open(file)).rejects.toThrow("is in use by another emulator");
});

test("a file of another version is refused", async () => {
  const file = temporaryFile();
  const database = new DatabaseSync(file);
  database.exec("PRAGMA user_version = 99");
  database.close();

  await expect(open(file)).rejects.toThrow("another version");
});

test("the bus runs in a worker thread", async () => {
  const worker = new Worker(workerUrl, { workerData: temporaryFile() });
  const [connectionString] = (await once(worker, "message")) as [string];
  const client = connect(connectionString);

  await client.createSender("jobs").sendMessages({ body: "hello", messageId: "m" });
  const message = await receiveOne(client.createReceiver("jobs"));
  await client.close();
  worker.postMessage("stop");
  const [code] = (await once(worker, "exit")) as [number];

  expect(message.body).toBe("hello");
  expect(code).toBe(0);
});
