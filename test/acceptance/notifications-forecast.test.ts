/** While a provider's budget holds an order back, its creator can ask when it will have gone. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { aFutureOrder, anEmail, anSms } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

let flow: NotificationFlow;
let count = 0;

beforeAll(async () => {
  flow = await startNotificationFlow({ settings: { EMAIL_BUDGET_PER_MINUTE: "1" } });
});

afterAll(() => flow.stop());

async function place(recipient: object): Promise<string> {
  count += 1;
  const body = aFutureOrder({ idempotencyId: `forecast-${count}`, recipient });
  const { json } = await flow.order("/future/orders", body);
  return (json as { notification: { shipmentId: string } }).notification.shipmentId;
}

const forecast = (id: string) => flow.read(`/future/shipment/${id}/forecast`);

test("an order that waits for the budget is said to go when the budget has room", async () => {
  await place(anEmail());
  await flow.settle();
  const shipmentId = await place(anEmail());
  await flow.settle();

  expect((await forecast(shipmentId)).json).toEqual({
    shipmentId,
    waiting: [{ channel: "email", count: 1, expectedAt: "2026-01-15T10:46:00.000Z" }],
  });
  await flow.pass(2 * 60_000, 10_000);
  expect((await forecast(shipmentId)).json).toEqual({ shipmentId, waiting: [] });
});

test("an SMS that waits for the morning is said to go then", async () => {
  await flow.pass(8 * 3_600_000);
  const shipmentId = await place(anSms());
  await flow.settle();

  expect((await forecast(shipmentId)).json).toMatchObject({
    waiting: [{ channel: "sms", count: 1, expectedAt: "2026-01-16T08:00:00.000Z" }],
  });
});

test("the order of somebody else is not there", async () => {
  const id = "0194a0c0-0000-7000-8000-000000000000";

  expect(await forecast(id)).toMatchObject({ status: 404, json: { code: "NOT-00003" } });
  expect(await forecast("7")).toMatchObject({ status: 404, text: "" });
});
