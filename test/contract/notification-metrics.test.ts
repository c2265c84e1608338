/** What the follower of orders relies on in the store of figures: on the real SDK and the local Cosmos DB. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createCosmosNotificationMetrics } from "../../functions/notifications/adapters/cosmos-notification-metrics.ts";
import type { EndedOrder, MetricRow } from "../../functions/notifications/domain/metrics.ts";
import type { NotificationMetrics } from "../../functions/notifications/domain/metrics-ports.ts";
import { startTestCosmos, type TestCosmos } from "../support/cosmos.ts";

const DAY = 24 * 60 * 60_000;

let cosmos: TestCosmos;
let metrics: NotificationMetrics;
let days = 0;

/** Noon of a day that no other test has. */
let noon: number;
let day: string;

beforeAll(async () => {
  cosmos = await startTestCosmos();
  metrics = createCosmosNotificationMetrics(cosmos.documentsIn("notificationMetrics"));
});

afterAll(() => cosmos.stop());

beforeEach(() => {
  days += 2;
  noon = Date.UTC(2026, 0, 1, 12) + days * DAY;
  day = new Date(noon).toISOString().slice(0, 10);
  cosmos.server.counters.reset();
  cosmos.server.faults.clear();
});

const aRow = (id: string, overrides: Partial<MetricRow> = {}): MetricRow => ({
  notificationId: id,
  shipmentId: `order-of-${id}`,
  channel: "email",
  creator: "ttd",
  requestedSendAt: noon,
  endedAt: noon,
  result: "Delivered",
  ...overrides,
});

const rowsOf = (count: number, overrides: Partial<MetricRow> = {}): readonly MetricRow[] =>
  Array.from({ length: count }, (_, index) => aRow(`n-${index}`, overrides));

const ordersOf = (count: number, endedAt = noon): readonly EndedOrder[] =>
  Array.from({ length: count }, (_, index) => ({
    orderId: `o-${index}`,
    creator: "ttd",
    requestedSendAt: noon,
    endedAt,
  }));

async function all<Row>(pages: AsyncIterable<readonly Row[]>): Promise<readonly Row[]> {
  const found: Row[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}

const writes = (): number =>
  cosmos.server.counters.total({ container: "notification-metrics" }).requestCount;

test("fifty notifications and their orders that ended on one day are one request", async () => {
  const notifications = rowsOf(50);
  const orders = ordersOf(50);

  await metrics.put({ notifications, orders });

  expect(writes()).toBe(1);
  expect(await all(metrics.rows(day, "email"))).toEqual(notifications);
  expect(await all(metrics.endedOrders(day))).toEqual(orders);
});

test("more than a batch takes are as many as it needs, and each day has its own", async () => {
  await metrics.put({ notifications: rowsOf(201), orders: ordersOf(3, noon - DAY) });

  expect(writes()).toBe(3 + 1);
  expect(await all(metrics.rows(day, "email"))).toHaveLength(201);
});

test("what is too much for one batch by its size is spread over several", async () => {
  const sendersReference = "å".repeat(200_000);

  await metrics.put({ notifications: rowsOf(8, { sendersReference }), orders: [] });

  expect(writes()).toBe(2);
  expect(await all(metrics.rows(day, "email"))).toHaveLength(8);
});

test("nothing is no request", async () => {
  await metrics.put({ notifications: [], orders: [] });

  expect(writes()).toBe(0);
});

test("putting again changes nothing, and a later word replaces the earlier", async () => {
  await metrics.put({ notifications: rowsOf(3), orders: ordersOf(3) });
  await metrics.put({
    notifications: rowsOf(3, { result: "Failed_Bounced" }),
    orders: ordersOf(3),
  });

  expect(await all(metrics.rows(day, "email"))).toEqual(rowsOf(3, { result: "Failed_Bounced" }));
  expect(await all(metrics.endedOrders(day))).toEqual(ordersOf(3));
});

test("one that the database refuses makes the call fail; each of the others can be put by itself", async () => {
  const good = rowsOf(3);

  await expect(
    metrics.put({ notifications: [...good, aRow("not/an/id")], orders: [] }),
  ).rejects.toThrow("424 424 424 400");

  for (const row of good) await metrics.put({ notifications: [row], orders: [] });
  expect(await all(metrics.rows(day, "email"))).toEqual(good);
});

test.each([
  { kind: "reset", when: "before-commit" },
  { kind: "reset", when: "after-commit" },
  { kind: "status", status: 408 },
  { kind: "status", status: 429, retryAfterInMs: 1 },
  { kind: "status", status: 449 },
  { kind: "status", status: 503 },
] as const)("a passing fault delays the figures and loses none: %o", async (effect) => {
  cosmos.server.faults.add({ effect, container: "notification-metrics", count: 1 });

  await metrics.put({ notifications: rowsOf(20), orders: ordersOf(20) });

  expect(await all(metrics.rows(day, "email"))).toHaveLength(20);
  expect(await all(metrics.endedOrders(day))).toHaveLength(20);
});
