/** From a placed order to the provider and back, on the real SDKs; see `notification-flow.ts`. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { aFutureOrder, anEmail, anSms } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

let flow: NotificationFlow;
let count = 0;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

interface Receipt {
  readonly notification: { readonly shipmentId: string };
}

/** Places an order with an id of its own. */
async function place(recipient: object, more: object = {}): Promise<string> {
  count += 1;
  const body = aFutureOrder({ idempotencyId: `order-${count}`, recipient, ...more });
  const { status, text, json } = await flow.order("/future/orders", body);
  expect({ status, text }).toMatchObject({ status: 201 });
  return (json as Receipt).notification.shipmentId;
}

const to = (emailAddress: string): object => ({
  recipientEmail: { ...(anEmail() as { recipientEmail: object }).recipientEmail, emailAddress },
});
const toNumber = (phoneNumber: string): object => ({
  recipientSms: {
    ...(anSms({ sendingTimePolicy: "Anytime" }) as { recipientSms: object }).recipientSms,
    phoneNumber,
  },
});

const orderOf = async (id: string) => (await flow.app.notifications.orders.getOrder(id))?.value;
const notificationsOf = (id: string) => flow.app.notifications.orders.listNotifications(id);
const sentTo = (address: string) =>
  flow.inbox.messages().filter((it) => it.to.some((one) => one.includes(address.replace("+", ""))));

test("an e-mail and an SMS go out, are reported as delivered, and each order has one entry in the feed", async () => {
  const email = await place(to("delivered-once@example.com"));
  const sms = await place(toNumber("+4799999990"));
  await flow.pass(5000);
  await flow.replayChanges();

  expect(await orderOf(email)).toMatchObject({ state: "Completed" });
  expect(await notificationsOf(sms)).toMatchObject([{ status: "Delivered" }]);
  expect(sentTo("delivered-once@example.com")).toHaveLength(1);
  const entries = await flow.app.notifications.statusFeed.read("ttd", 0, 500);
  expect(entries.filter(({ shipmentId }) => shipmentId === email)).toMatchObject([
    { status: "Completed", recipients: [{ status: "Delivered" }] },
  ]);
});
