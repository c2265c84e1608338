/** The follower of orders that keeps the log and the figures: how little it asks of the database, and that nothing is lost. */
import type { CosmosDBv4ChangeFeedItem } from "@azure/functions";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { MetricRow } from "../../functions/notifications/domain/metrics.ts";
import type { OrderState } from "../../functions/notifications/domain/order.ts";
import type { Notification } from "../../functions/notifications/domain/notification.ts";
import { partitionOf } from "../../functions/notifications/domain/shipment-id.ts";
import { aFutureOrder, anEmail, aPerson } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";
import { anOrder, planned } from "../support/order-builders.ts";
import { contextOf } from "../support/registrations.ts";

const PERSON = "01869010061";
const HOUR = 3_600_000;
const SPAN = { from: 0, to: Number.MAX_SAFE_INTEGER };

let flow: NotificationFlow;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

beforeEach(() => {
  flow.cosmos.server.counters.reset();
  flow.cosmos.server.faults.clear();
});

const placed = new Map<string, string>();

async function place(idempotencyId: string, recipient: object, more: object = {}): Promise<void> {
  const body = aFutureOrder({ idempotencyId, recipient, ...more });
  const { status, text, json } = await flow.order("/future/orders", body);
  expect({ status, text }).toMatchObject({ status: 201 });
  const { notification } = json as { notification: { shipmentId: string } };
  placed.set(idempotencyId, notification.shipmentId);
}

const toAddress = (emailAddress: string): object => {
  const { recipientEmail } = anEmail() as { recipientEmail: object };
  return { recipientEmail: { ...recipientEmail, emailAddress } };
};

/** An e-mail that was delivered, and its order that ended with it and is stored, as the feed brings them. */
async function anEnded(address: string) {
  const now = flow.clock.now();
  const order = anOrder(now, { state: "Completed", recipients: [{ emailAddress: address }] });
  const [notification] = planned(order);
  if (!notification) throw new Error("Nothing was planned");
  const stored = { id: order.id, subject: partitionOf(order.id), kind: "order", order };
  await flow.cosmos.documentsIn("orders").create(stored);
  return [
    stored,
    {
      id: notification.id,
      subject: stored.subject,
      kind: "notification",
      notification: { ...notification, status: "Delivered", at: now },
    },
  ];
}

const several = (count: number, name: string) =>
  Promise.all(Array.from({ length: count }, (_, index) => anEnded(`${name}-${index}@example.com`)));

const follow = async (changes: readonly unknown[]): Promise<void> => {
  await flow.registrations.followers
    .get("ProjectNotifications")
    ?.handler(changes as CosmosDBv4ChangeFeedItem[], contextOf("ProjectNotifications"));
};

const requestsTo = (container: string): number =>
  flow.cosmos.server.counters
    .list()
    .filter((it) => it.container === container && it.operation !== "Metadata")
    .reduce((sum, { requestCount }) => sum + requestCount, 0);

async function countedToday(): Promise<readonly MetricRow[]> {
  const today = new Date(flow.clock.now()).toISOString().slice(0, 10);
  const found: MetricRow[] = [];
  for await (const page of flow.app.notifications.metrics.rows(today, "email")) found.push(...page);
  return found;
}

const parkedKeys = async (): Promise<readonly string[]> =>
  (
    await flow.cosmos.documentsIn("parkedChanges").query<{ id: string }>("project-notifications", {
      query: "SELECT * FROM c WHERE c.projection = @follower",
      parameters: [{ name: "@follower", value: "project-notifications" }],
    })
  ).map(({ id }) => id);

test("an e-mail asks one write of the log, and all that end together one of the figures", async () => {
  for (let index = 0; index < 20; index++) {
    await place(`few-${index}`, toAddress(`few-${index}@example.com`));
  }
  await flow.pass(5000);

  expect(requestsTo("notification-log")).toBe(20);
  // How many are seen at a time is the feed's affair; each time is one request.
  expect(requestsTo("notification-metrics")).toBeLessThanOrEqual(5);
  expect(await countedToday()).toHaveLength(20);
});

test("what goes out within seconds is logged at its end, and at once when something stands in the way", async () => {
  const [order, ended] = await anEnded("soon@example.com");
  const { notification } = ended as { notification: Notification };
  const { createdAt } = notification;
  const fresh = { ...notification, status: "New", sendAt: createdAt, outbox: { traceparent: "" } };
  await follow([order, { ...ended, notification: fresh }]);
  const requestsAtFirst = requestsTo("notification-log");
  await follow([order, { ...ended, notification: { ...fresh, failureCount: 1 } }]);

  expect(requestsAtFirst).toBe(0);
  expect(requestsTo("notification-log")).toBe(1);
});

test("what is followed again is neither logged nor counted twice", async () => {
  const before = await countedToday();

  await flow.replayChanges();

  expect(await countedToday()).toEqual(before);
});

test.each([
  ["that lacks what is counted", { at: "not a time" }, "RangeError"],
  ["that the database refuses", { id: "not/an/id" }, "Error"],
])("a change %s is parked, and holds up none of the others", async (_, poison, reason) => {
  const others = await several(10, reason);
  const [order, bad] = await anEnded("poison@example.com");
  const poisoned = {
    ...bad,
    notification: { ...(bad as { notification: object }).notification, ...poison },
  };
  const before = (await countedToday()).length;

  await follow([...others.slice(0, 5).flat(), order, poisoned, ...others.slice(5).flat()]);

  expect(await countedToday()).toHaveLength(before + others.length);
  for (let index = 0; index < others.length; index++) {
    const key = `email:${reason.toLowerCase()}-${index}@example.com`;
    expect(await flow.app.notifications.log.list(key, SPAN)).toMatchObject([
      { status: "Delivered" },
    ]);
  }
  expect(await parkedKeys()).toContain(bad?.id);
});

test.each(["notification-log", "notification-metrics"])(
  "while %s does not answer nothing is parked, and the same changes are logged and counted when it does",
  async (container) => {
    const changes = (await several(5, container)).flat();
    const before = [(await countedToday()).length, await parkedKeys()] as const;
    flow.cosmos.server.faults.add({ container, effect: { kind: "status", status: 503 } });

    const failing = follow(changes).then(
      () => "followed",
      (error: unknown) => (error as Error).message,
    );
    for (let tries = 0; tries < 100; tries++) {
      await flow.clock.advance(1000);
      await new Promise(setImmediate);
    }
    expect(await failing).toBe("The database does not answer");
    flow.cosmos.server.faults.clear();
    await follow(changes);

    expect(await countedToday()).toHaveLength(before[0] + 5);
    expect(await parkedKeys()).toEqual(before[1]);
    const key = `email:${container}-0@example.com`;
    expect(await flow.app.notifications.log.list(key, SPAN)).toMatchObject([
      { status: "Delivered" },
    ]);
  },
);

test("NO-D37: a person is found by an order that was never seen registered and has no notifications", async () => {
  const { orders, log } = flow.app.notifications;
  await place("never-seen", aPerson({ nationalIdentityNumber: PERSON }), {
    requestedSendTime: new Date(flow.clock.now() + HOUR).toISOString(),
  });
  const id = placed.get("never-seen") ?? "";
  const found = await orders.getOrder(id);
  if (!found) throw new Error("There is no order");
  await orders.replaceOrder({ ...found, value: { ...found.value, state: "Cancelled" } });

  await flow.settle();

  expect(await log.listOrders(`nin:${PERSON}`)).toEqual([id]);
});

test.each<[OrderState, object, number]>([
  ["Registered", {}, 1],
  ["Processing", {}, 0],
  ["Processing", { parked: { reason: "nothing-to-send", at: 0 } }, 1],
  ["SendConditionNotMet", {}, 1],
  ["Processed", {}, 0],
])(
  "of an order that is %s (%o) the number of pointers to its person is %i",
  async (state, more, count) => {
    const nationalIdentityNumber = PERSON;
    const order = anOrder(flow.clock.now(), {
      state,
      recipients: [{ nationalIdentityNumber }],
      ...more,
    });

    await follow([{ id: order.id, subject: order.id, kind: "order", order }]);

    expect(requestsTo("notification-log")).toBe(count);
  },
);

test("NO-D37: a person whose e-mail waits for its report is found, also when nothing was seen of it before", async () => {
  const now = flow.clock.now();
  const order = anOrder(now, {
    state: "Processed",
    recipients: [{ nationalIdentityNumber: "02869010061", emailAddress: "elg@example.com" }],
  });
  const [notification] = planned(order);
  const subject = partitionOf(order.id);
  const sending = { attempt: 1, startedAt: now, outcome: "accepted" };

  await follow([
    { id: order.id, subject, kind: "order", order },
    {
      id: notification?.id,
      subject,
      kind: "notification",
      notification: { ...notification, status: "Sending", sending },
    },
  ]);

  const found = await flow.app.notifications.log.listOrders("nin:02869010061");
  expect(found).toEqual([order.id]);
});
