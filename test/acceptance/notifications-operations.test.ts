/** Operations: what was set aside is seen and taken up again, timers can be run by hand. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Notification } from "../../functions/notifications/domain/notification.ts";
import { anEmail, aFutureOrder, anSms } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

const BASE = "/notifications/api/v1";

let flow: NotificationFlow;
let count = 0;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

async function place(recipient: object, more: object = {}): Promise<string> {
  count += 1;
  const body = aFutureOrder({ idempotencyId: `operations-${count}`, recipient, ...more });
  const { status, text, json } = await flow.order("/future/orders", body);
  expect({ status, text }).toMatchObject({ status: 201 });
  return (json as { notification: { shipmentId: string } }).notification.shipmentId;
}

const call = async (
  method: string,
  path: string,
  options: { scope?: string; headers?: Record<string, string>; body?: object } = {},
) => {
  const { scope = "budstikke:operate", headers, body } = options;
  return flow.request(method, `${BASE}${path}`, {
    headers: {
      authorization: `Bearer ${await flow.platform.bearer({ scope })}`,
      ...(body && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
};

const store = () => flow.app.notifications.orders;

async function onlyNotificationOf(orderId: string): Promise<Notification> {
  const [notification] = await store().listNotifications(orderId);
  if (!notification) throw new Error("There is no notification");
  return notification;
}

async function parkOrder(orderId: string, reason: string): Promise<void> {
  const found = await store().getOrder(orderId);
  if (!found) throw new Error("There is no order");
  const parked = { reason, at: flow.clock.now() };
  await store().replaceOrder({ ...found, value: { ...found.value, parked } });
}

const inAnHour = () => new Date(flow.clock.now() + 3_600_000).toISOString();

const itemsOf = async (path: string) =>
  ((await call("GET", path)).json as { items: readonly Record<string, unknown>[] }).items;

describe("what was set aside", () => {
  test("NO-D05, NO-D51: a parked order is listed with its reason, and goes out when it is redriven", async () => {
    const orderId = await place(anEmail(), { requestedSendTime: inAnHour() });
    await parkOrder(orderId, "nothing-to-send");
    await flow.pass(3_600_000 + 5000, 3_600_000);

    expect(await itemsOf("/operations/parked")).toEqual([
      {
        orderId,
        creator: "ttd",
        state: "Registered",
        reason: "nothing-to-send",
        parkedAt: expect.stringMatching(/^2026-01-15T/) as unknown,
      },
    ]);
    expect((await call("POST", "/operations/parked/redrive", { body: { orderId } })).json).toEqual({
      redriven: 1,
    });
    await flow.pass(5000);

    expect((await store().getOrder(orderId))?.value.state).toBe("Completed");
    expect(await itemsOf("/operations/parked")).toEqual([]);
  });

  test("everything is taken up by one call, and once", async () => {
    const first = await place(anEmail(), { requestedSendTime: inAnHour() });
    const second = await place(anEmail(), { requestedSendTime: inAnHour() });
    await parkOrder(first, "a");
    await parkOrder(second, "b");

    const redrive = () => call("POST", "/operations/parked/redrive");

    expect((await redrive()).json).toEqual({ redriven: 2 });
    expect((await redrive()).json).toEqual({ redriven: 0 });
    await flow.pass(3_600_000 + 5000, 3_600_000);
    expect((await store().getOrder(second))?.value.state).toBe("Completed");
  });

  test("an SMS that the gateway may have is sent anew only when somebody says so", async () => {
    const sms = anSms({ sendingTimePolicy: "Anytime" }) as { recipientSms: object };
    const orderId = await place({
      recipientSms: { ...sms.recipientSms, phoneNumber: "+4799999936" },
    });
    await flow.pass(60_000);
    const { id: notificationId, sending } = await onlyNotificationOf(orderId);
    expect(sending).toMatchObject({ attempt: 1, outcome: "unconfirmed" });
    expect(await itemsOf("/operations/parked")).toMatchObject([
      { orderId, notificationId, reason: "unconfirmed" },
    ]);
    expect((await call("POST", "/operations/parked/redrive")).json).toEqual({ redriven: 0 });
    const redrive = async (more: object) => {
      const body = { orderId, notificationId, ...more };
      const { json } = await call("POST", "/operations/parked/redrive", { body });
      await flow.pass(60_000);
      return [json, (await onlyNotificationOf(orderId)).sending?.attempt];
    };

    expect(await redrive({})).toEqual([{ redriven: 0 }, 1]);
    expect(await redrive({ sendAnew: true })).toEqual([{ redriven: 1 }, 2]);
  });

  test("a report that belonged to nothing is listed, and finds its message when that is known", async () => {
    const { strays, references } = flow.app.notifications;
    const orderId = await place(anEmail({}));
    await flow.pass(5000);
    const { id: notificationId } = await onlyNotificationOf(orderId);
    const reference = crypto.randomUUID();
    await strays.keep({
      provider: "acs-email",
      reference,
      reason: "unknown-reference",
      attempt: 6,
      detail: "",
      heardAt: flow.clock.now(),
      evidence: { status: "Failed_Bounced", at: flow.clock.now() + 1000 },
    });

    expect(await itemsOf("/operations/stray-reports")).toMatchObject([
      { provider: "acs-email", reference, reason: "unknown-reference", status: "Failed_Bounced" },
    ]);
    expect((await call("POST", "/operations/stray-reports/redrive")).json).toEqual({ redriven: 0 });

    await references.put("acs-email", reference, { orderId, notificationId });
    expect((await call("POST", "/operations/stray-reports/redrive")).json).toEqual({ redriven: 1 });
    expect(await onlyNotificationOf(orderId)).toMatchObject({ status: "Failed_Bounced" });
    expect(await itemsOf("/operations/stray-reports")).toEqual([]);
  });

  test("a message that was given up is listed with its reason, and is put back, one or all", async () => {
    const { messages } = flow.app.notifications;
    for (const id of ["due.one", "due.two"]) {
      await messages.send("orders-due", [{ id, body: { orderId: "no order" } }]);
    }
    await flow.settle();
    const listed = await itemsOf("/operations/dead-letters?queue=orders-due");
    expect(listed).toMatchObject([
      { queue: "orders-due", id: "due.one", enqueuedAt: expect.any(String) as unknown },
      { queue: "orders-due", id: "due.two" },
    ]);
    expect(JSON.stringify(listed)).not.toContain("no order");

    const { sequenceNumber } = listed[0] ?? {};
    const one = await call("POST", "/operations/dead-letters/redrive", {
      body: { queue: "orders-due", sequenceNumber },
    });
    expect(one.json).toEqual({ redriven: 1 });
    const all = await call("POST", "/operations/dead-letters/redrive", { body: {} });
    expect(all.json).toEqual({ redriven: 1 });
    expect(flow.serviceBus.counts("orders-due").active).toBe(2);
    await flow.settle();
  });

  test.each([
    ["GET", "/operations/parked"],
    ["POST", "/operations/parked/redrive"],
    ["GET", "/operations/stray-reports"],
    ["POST", "/operations/stray-reports/redrive"],
    ["GET", "/operations/dead-letters"],
    ["POST", "/operations/dead-letters/redrive"],
    ["DELETE", "/persons"],
    ["POST", "/trigger/pastdueorders"],
    ["POST", "/trigger/sendemail"],
    ["POST", "/trigger/sendsms"],
    ["POST", "/trigger/sendsmsdaytime"],
    ["POST", "/trigger/sendsmsanytime"],
    ["POST", "/trigger/terminateexpirednotifications"],
    ["POST", "/trigger/deleteoldstatusfeedrecords"],
    ["GET", "/tests/sendcondition"],
  ])("NO-D34: %s %s needs the scope of operators", async (method, path) => {
    const scope = "altinn:serviceowner/notifications.create";

    expect(await flow.request(method, `${BASE}${path}`)).toMatchObject({ status: 401, text: "" });
    expect(await call(method, path, { scope })).toMatchObject({ status: 403, text: "" });
  });
});

describe("by hand", () => {
  test.each(["pastdueorders", "sendemail", "sendsms", "terminateexpirednotifications"])(
    "NO-D34: an operator may run %s at once",
    async (name) => {
      expect(await call("POST", `/trigger/${name}`)).toMatchObject({ status: 200, text: "" });
      const headers = { "content-type": "text/plain" };
      expect(await call("POST", `/trigger/${name}`, { headers })).toMatchObject({ status: 415 });
    },
  );

  test.each([
    ["?conditionMet=true", true],
    ["?conditionMet=false", false],
    ["", false],
  ])("the condition that says what it is told: %s", async (query, sendNotification) => {
    expect((await call("GET", `/tests/sendcondition${query}`)).json).toEqual({ sendNotification });
  });
});

test.each(["publish-status", "project-notifications", "follow-orders"] as const)(
  "a change that %s could not digest is tried again by timer",
  async (follower) => {
    const orderId = await place(anEmail(), { requestedSendTime: inAnHour() });
    await flow.settle();
    const { parked, parkedChanges } = flow.app.notifications;
    const change = { key: orderId, subject: orderId, traceparent: "" };
    await parked.park(follower, change, "Error");
    expect(await parkedChanges.list(follower)).toMatchObject([
      { key: orderId, order: { id: orderId } },
    ]);

    await flow.runTimer("RetryParkedOrderChanges");

    expect(await parkedChanges.list(follower)).toEqual([]);
    await flow.pass(3_600_000 + 5000, 3_600_000);
  },
);

test("what is accepted is finished, on its way or set aside: nothing is unaccounted for", async () => {
  await flow.runTimer("ReconcileOrders");

  const line = flow.logged.findLast((it) => it.includes("accounted for"));
  expect(JSON.parse(line ?? "{}")).toMatchObject({ level: "info", unaccounted: 0 });
});

test("an order that nobody looked after in time is unaccounted for, and said to be", async () => {
  const orderId = await place(anEmail(), { requestedSendTime: inAnHour() });
  await flow.clock.advance(2 * 3_600_000);

  await flow.runTimer("ReconcileOrders");

  const line = flow.logged.findLast((it) => it.includes("unaccounted for"));
  expect(JSON.parse(line ?? "{}")).toMatchObject({ level: "error", unaccounted: 1 });
  await flow.pass(60_000);
  expect((await store().getOrder(orderId))?.value.state).toBe("Completed");
});
