/** What the follower of orders relies on in the log of notifications: on the real SDK and the local Cosmos DB. */
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createCosmosNotificationLog } from "../../functions/notifications/adapters/cosmos-notification-log.ts";
import type { NotificationLog } from "../../functions/notifications/domain/log-ports.ts";
import {
  type LoggedNotification,
  toLogged,
} from "../../functions/notifications/domain/notification-log.ts";
import { systemClock } from "../../local/clock.ts";
import { startTestCosmos, type TestCosmos } from "../support/cosmos.ts";
import { anOrder, NOW, planned } from "../support/order-builders.ts";

const ADDRESS = "email:somebody@example.com";
const DIALOG = "0194a0c0-0000-7000-8000-000000000001";
const SPAN = { from: 0, to: Number.MAX_SAFE_INTEGER };

let cosmos: TestCosmos;

beforeAll(async () => {
  cosmos = await startTestCosmos();
});

afterAll(() => cosmos.stop());

beforeEach(() => {
  cosmos.server.counters.reset();
  cosmos.server.faults.clear();
});

/** Each is the log of another instance of the app. */
const openLog = (): NotificationLog =>
  createCosmosNotificationLog(cosmos.documentsIn("notificationLog"), systemClock);

let count = 0;

/** A new e-mail to a bare address. */
function anEntry(overrides: Partial<LoggedNotification> = {}): LoggedNotification {
  count += 1;
  const [notification] = planned({ recipients: [{ emailAddress: "somebody@example.com" }] });
  if (!notification) throw new Error("Nothing was planned");
  return {
    ...toLogged(notification, anOrder(NOW)),
    notificationId: `notification-${count}`,
    ...overrides,
  };
}

const entryOf = async (log: NotificationLog, { notificationId }: LoggedNotification) =>
  (await log.list(ADDRESS, SPAN)).filter((it) => it.notificationId === notificationId);

const requestsOf = async (work: () => Promise<void>): Promise<number> => {
  const total = () => cosmos.server.counters.total({ container: "notification-log" }).requestCount;
  const before = total();
  await work();
  return total() - before;
};

test("an entry is one request, and so is each change of it by the same instance", async () => {
  const log = openLog();
  const entry = anEntry();

  expect(await requestsOf(() => log.put(entry))).toBe(1);
  expect(await requestsOf(() => log.put({ ...entry, status: "Succeeded", at: NOW + 1 }))).toBe(1);
  expect(await requestsOf(() => log.put({ ...entry, status: "Delivered", at: NOW + 2 }))).toBe(1);
  expect(await requestsOf(() => log.put({ ...entry, status: "Succeeded", at: NOW + 1 }))).toBe(0);

  expect(await entryOf(log, entry)).toMatchObject([{ status: "Delivered", at: NOW + 2 }]);
});

test("what is under a dialog too is one request for each", async () => {
  const log = openLog();
  const entry = anEntry({ dialog: { dialogId: DIALOG } });

  expect(await requestsOf(() => log.put(entry))).toBe(2);
  expect(await requestsOf(() => log.put({ ...entry, status: "Delivered", at: NOW + 2 }))).toBe(2);

  expect(await log.list(`dialog:${DIALOG}`, SPAN)).toMatchObject([{ status: "Delivered" }]);
});

test("an instance that did not write an entry reads it, and an entry that is the same stays as it is", async () => {
  const entry = anEntry();
  await openLog().put(entry);
  const documents = cosmos.documentsIn("notificationLog");
  const written = await documents.read(ADDRESS, entry.notificationId);

  expect(await requestsOf(() => openLog().put(entry))).toBe(2);
  expect(await documents.read(ADDRESS, entry.notificationId)).toEqual(written);
  expect(
    await requestsOf(() => openLog().put({ ...entry, status: "Delivered", at: NOW + 2 })),
  ).toBe(3);
});

test("whatever the order and the repetition in which instances put changes, the last word holds", async () => {
  const words = [
    "New",
    "Sending",
    "Succeeded",
    "Failed_TTL",
    "Failed_Bounced",
    "Delivered",
  ] as const;
  const logs = [openLog(), openLog()];
  const put = fc.record({ log: fc.nat(1), word: fc.nat(words.length - 1) });

  await fc.assert(
    fc.asyncProperty(
      fc.array(put, { maxLength: 6 }),
      fc.shuffledSubarray([...words.keys()], { minLength: words.length }),
      async (more, all) => {
        const entry = anEntry();
        const puts = [...more, ...all.map((word, index) => ({ log: index % 2, word })), ...more];
        // In pairs at the same time: they race for the entry.
        for (let from = 0; from < puts.length; from += 2) {
          await Promise.all(
            puts.slice(from, from + 2).map(async ({ log, word }) => {
              await logs[log]?.put({ ...entry, status: words[word] ?? "New", at: NOW + word });
            }),
          );
        }
        expect(await entryOf(openLog(), entry)).toMatchObject([
          { status: "Delivered", at: NOW + words.length - 1 },
        ]);
      },
    ),
    { numRuns: 25 },
  );
});

test("an entry that was erased behind the back of an instance is written anew when there is news of it", async () => {
  const log = openLog();
  const entry = anEntry();
  await log.put(entry);
  await cosmos.documentsIn("notificationLog").delete(ADDRESS, entry.notificationId);

  await log.put({ ...entry, status: "Delivered", at: NOW + 2 });

  expect(await entryOf(log, entry)).toMatchObject([{ status: "Delivered" }]);
});

test.each([
  { kind: "reset", when: "before-commit" },
  { kind: "reset", when: "after-commit" },
  { kind: "status", status: 429, retryAfterInMs: 1 },
  { kind: "status", status: 449 },
  { kind: "status", status: 503 },
] as const)("a passing fault delays an entry and its changes: %o", async (effect) => {
  const log = openLog();
  const entry = anEntry();
  const fail = () =>
    cosmos.server.faults.add({
      effect,
      container: "notification-log",
      operations: ["Batch"],
      count: 1,
    });

  fail();
  await log.put(entry);
  expect(await entryOf(log, entry)).toEqual([entry]);
  fail();
  await log.put({ ...entry, status: "Delivered", at: NOW + 2 });

  expect(await entryOf(log, entry)).toMatchObject([{ status: "Delivered" }]);
});
