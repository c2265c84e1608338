/** SMS by Azure Communication Services instead of the gateway, chosen by a setting. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { aFutureOrder, anSms } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

let flow: NotificationFlow;

beforeAll(async () => {
  flow = await startNotificationFlow({ settings: { SMS_PROVIDER: "acs" } });
});

afterAll(() => flow.stop());

async function place(phoneNumber: string): Promise<string> {
  const { recipientSms } = anSms({ sendingTimePolicy: "Anytime" }) as { recipientSms: object };
  const recipient = { recipientSms: { ...recipientSms, phoneNumber } };
  const body = aFutureOrder({ idempotencyId: phoneNumber, recipient });
  const { json } = await flow.order("/future/orders", body);
  return (json as { notification: { shipmentId: string } }).notification.shipmentId;
}

const smsOf = async (id: string) =>
  (await flow.app.notifications.orders.listNotifications(id)).map(({ status }) => status);

const sentTo = (number: string) =>
  flow.inbox.messages().filter((it) => it.to.some((one) => one.endsWith(number.slice(1))));

test.each([
  ["+4799999990", "Delivered"],
  ["+4799999901", "Failed"],
  ["+4799999931", "Failed_InvalidRecipient"],
])("an SMS to %s ends as %s", async (number, status) => {
  const id = await place(number);
  await flow.pass(10_000, 5000);

  const [ended] = await smsOf(id);
  expect(ended).toContain(status);
});

test.each(["+4799999937", "+4799999936", "+4799999935", "+4799999939"])(
  "an SMS to %s, whose first call came to nothing known, is repeated under the same id and taken once",
  async (number) => {
    const id = await place(number);
    await flow.pass(2 * 60_000, 10_000);

    expect(await smsOf(id)).toEqual(["Delivered"]);
    expect(sentTo(number)).toHaveLength(1);
  },
);
