/** Finding orders by the sender's reference, and cancelling orders and chains, over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  aFutureOrder,
  aLegacyEmailOrder,
  type Members,
  aReminder,
} from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";
import type { Answer } from "../support/registrations.ts";

let flow: NotificationFlow;
const BASE = "/notifications/api/v1";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

const idOf = ({ json }: Answer): string => (json as { orderId: string }).orderId;
const placeEmail = (overrides: Members = {}): Promise<Answer> =>
  flow.order("/orders/email", aLegacyEmailOrder(overrides));
const later = (delayInMs: number): string => new Date(flow.clock.now() + delayInMs).toISOString();
const inAnHour = (): string => later(HOUR);

async function callAs(org: string, method: string, path: string): Promise<Answer> {
  const token = await flow.platform.bearer({
    "urn:altinn:org": org,
    scope: "altinn:serviceowner/notifications.create",
  });
  return flow.request(method, `${BASE}${path}`, { headers: { authorization: `Bearer ${token}` } });
}

const cancel = (id: string, org = "ttd"): Promise<Answer> =>
  callAs(org, "PUT", `/orders/${id}/cancel`);

describe("by the sender's reference", () => {
  test("the caller's own orders are listed", async () => {
    const first = idOf(await placeEmail({ sendersReference: "a/b c" }));
    const second = idOf(await placeEmail({ sendersReference: "a/b c" }));
    const path = `/orders?SendersReference=${encodeURIComponent("a/b c")}`;
    const own = await flow.read(path);
    const foreign = await callAs("skd", "GET", path);
    const none = await flow.read("/orders?sendersReference=unheard-of");

    const { count, orders } = own.json as { count: number; orders: { id: string }[] };
    expect(count).toBe(2);
    expect(new Set(orders.map(({ id }) => id))).toEqual(new Set([first, second]));
    expect([foreign.json, none.json]).toEqual([
      { count: 0, orders: [] },
      { count: 0, orders: [] },
    ]);
  });

  test("a reference must be given", async () => {
    expect(await flow.read("/orders")).toMatchObject({
      status: 400,
      json: {
        errors: {
          sendersReference: [
            "A value for the 'sendersReference' parameter or property was not provided.",
          ],
        },
      },
    });
  });

  test.each(["bm9uZQ", "AGp1bms", "w6bDuA"])(
    "a made-up continuation, %s, is told as such",
    async (made) => {
      const answer = await flow.read(`/orders?sendersReference=many&continuation=${made}`);

      expect(answer).toMatchObject({ status: 400, json: { code: "cursor-unknown" } });
    },
  );
});

describe("cancelling", () => {
  test("NO-D19: a cancelled order is never sent, and has its entry in the feed", async () => {
    const recipients = [{ emailAddress: "cancelled@example.com" }];
    const id = idOf(await placeEmail({ recipients, requestedSendTime: inAnHour() }));
    await flow.settle();
    const first = await cancel(id);
    const second = await cancel(id);
    await flow.pass(2 * HOUR);

    for (const answer of [first, second]) {
      expect(answer).toMatchObject({
        status: 200,
        json: {
          id,
          processingStatus: {
            status: "Cancelled",
            description: "Order processing was stopped due to order being cancelled.",
          },
        },
      });
    }
    expect(flow.inbox.messages().some(({ to }) => to.includes("cancelled@example.com"))).toBe(
      false,
    );
    const entries = await flow.app.notifications.statusFeed.read("ttd", 0, 500);
    expect(entries.filter(({ shipmentId }) => shipmentId === id)).toMatchObject([
      { status: "Cancelled", recipients: [] },
    ]);
  });

  test("it is too late from five minutes before its time on, and when it is out", async () => {
    const soon = new Date(flow.clock.now() + 5 * 60_000).toISOString();
    const registered = idOf(await placeEmail({ requestedSendTime: soon }));
    const out = idOf(await placeEmail());
    await flow.settle();

    for (const id of [registered, out]) {
      expect(await cancel(id)).toMatchObject({
        status: 409,
        json: { title: "Conflict", status: 409 },
      });
    }
  });

  test("the orders of others cannot be cancelled, for they are not there", async () => {
    const id = idOf(await placeEmail({ requestedSendTime: inAnHour() }));

    expect(await cancel(id, "skd")).toMatchObject({ status: 404, json: { title: "Not Found" } });
    expect((await cancel(crypto.randomUUID())).status).toBe(404);
    expect((await cancel("email")).status).toBe(400);
  });
});

describe("cancelling a chain (NO-D23)", () => {
  interface Receipt {
    readonly notificationOrderId: string;
    readonly notification: { readonly shipmentId: string };
  }

  const placeChain = async (idempotencyId: string, overrides: Members = {}): Promise<Receipt> => {
    const body = aFutureOrder({ idempotencyId, reminders: [aReminder()], ...overrides });
    return (await flow.order("/future/orders", body)).json as Receipt;
  };
  const cancelChain = (id: string, org = "ttd"): Promise<Answer> =>
    callAs(org, "PUT", `/future/orders/${id}/cancel`);

  test("everything that can still be cancelled is: the reminder, when the order is out", async () => {
    const { notificationOrderId } = await placeChain("out");
    await flow.pass(5000);
    const answer = await cancelChain(notificationOrderId);
    await flow.pass(25 * HOUR, HOUR);

    expect(answer).toMatchObject({
      status: 200,
      json: {
        notificationOrderId,
        notification: {
          status: "Order_Completed",
          reminders: [{ type: "Reminder", status: "Order_Cancelled" }],
        },
      },
    });
    expect((await flow.read(`/future/orders/${notificationOrderId}`)).json).toEqual(answer.json);
  });

  test("an order that waits is cancelled with its reminders, and again with the same answer", async () => {
    const { notificationOrderId, notification } = await placeChain("waits", {
      requestedSendTime: inAnHour(),
    });
    const first = await cancelChain(notificationOrderId);
    const second = await cancelChain(notificationOrderId.toUpperCase());
    const shipment = await flow.read(`/future/shipment/${notification.shipmentId}`);

    expect(first.status).toBe(200);
    expect(second.json).toEqual(first.json);
    expect(shipment.json).toMatchObject({ status: "Order_Cancelled", recipients: [] });
  });

  test("what is out without reminders cannot be cancelled", async () => {
    const { notificationOrderId } = await placeChain("alone", { reminders: [] });
    await flow.settle();

    expect(await cancelChain(notificationOrderId)).toMatchObject({ status: 409 });
  });

  test("NO-D24: a shipment says its type in both words", async () => {
    const { notification } = await placeChain("words");
    await flow.pass(5000);

    expect((await flow.read(`/future/shipment/${notification.shipmentId}`)).json).toMatchObject({
      type: "Notification",
      shipmentType: "Notification",
      status: "Order_Completed",
      recipients: [
        { type: "Email", destination: "somebody@example.com", status: "Email_Delivered" },
      ],
    });
  });

  test("the chains and shipments of others are not there", async () => {
    const { notificationOrderId, notification } = await placeChain("foreign");
    const { shipmentId } = notification;
    const answers = await Promise.all([
      callAs("skd", "GET", `/future/shipment/${shipmentId}`),
      callAs("skd", "GET", `/future/orders/${notificationOrderId}`),
      cancelChain(notificationOrderId, "skd"),
      flow.read(`/future/orders/${shipmentId}`),
      flow.read("/future/shipment/none"),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect(answers[0].json).toMatchObject({ code: "NOT-00003", title: "Shipment not found" });
    expect(answers[4].text).toBe("");
  });
});
