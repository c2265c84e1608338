/** A person is forgotten on request, and by itself when the time is over. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aFutureOrder, aPerson } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

const BASE = "/notifications/api/v1";
const DAY = 24 * 60 * 60_000;

/** Of the fixture. */
const PERSON = "01869010061";

let flow: NotificationFlow;
let count = 0;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

async function place(recipient: object, more: object = {}): Promise<string> {
  count += 1;
  const body = aFutureOrder({ idempotencyId: `erasure-${count}`, recipient, ...more });
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

describe("a person who is to be forgotten", () => {
  const person = aPerson({ nationalIdentityNumber: PERSON });
  const erase = () => call("DELETE", "/persons", { headers: { NationalIdentityNumber: PERSON } });
  const everything = async (container: string): Promise<string> => {
    const query = "SELECT * FROM c";
    const { resources } = await flow.cosmos.database
      .container(container)
      .items.query(query)
      .fetchAll();
    return JSON.stringify(resources);
  };

  test("NO-D37: is gone from orders, notifications, the log and the feed; what waited for her is not sent", async () => {
    await place(person);
    const waiting = await place(person, {
      requestedSendTime: new Date(flow.clock.now() + DAY).toISOString(),
    });
    await flow.pass(5000);
    const inboxBefore = flow.inbox.messages().length;
    expect(await everything("notification-log")).toContain(PERSON);
    expect(await everything("status-feeds")).toContain("modig.elg@example.com");

    expect((await erase()).json).toEqual({ orders: 2, notifications: 1 });
    await flow.replayChanges();
    await flow.pass(DAY + 60_000, DAY);

    for (const container of [
      "orders",
      "notification-log",
      "status-feeds",
      "notification-metrics",
    ]) {
      const text = await everything(container);
      expect(text).not.toContain(PERSON);
      expect(text).not.toContain("modig.elg@example.com");
    }
    expect((await store().getOrder(waiting))?.value.state).toBe("Cancelled");
    expect(flow.inbox.messages()).toHaveLength(inboxBefore);
    expect((await erase()).json).toEqual({ orders: 0, notifications: 0 });
  });

  test("the national id is asked for in a header", async () => {
    expect(await call("DELETE", "/persons")).toMatchObject({
      status: 400,
      json: {
        errors: {
          NationalIdentityNumber: ["'NationalIdentityNumber' is required and cannot be empty"],
        },
      },
    });
  });
});
