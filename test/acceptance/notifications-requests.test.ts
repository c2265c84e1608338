/** What a notification costs the database, step by step: each request takes time of the one thread that all share. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { processOrder } from "../../functions/notifications/use-cases/process-order.ts";
import { recordDelivery } from "../../functions/notifications/use-cases/record-delivery.ts";
import { sendEmail } from "../../functions/notifications/use-cases/send-email.ts";
import { aFutureOrder, anEmail } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

let flow: NotificationFlow;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

/** Places an order for one e-mail. */
async function place(emailAddress: string, more: object = {}): Promise<string> {
  const { recipientEmail } = anEmail() as { recipientEmail: object };
  const recipient = { recipientEmail: { ...recipientEmail, emailAddress } };
  const { json } = await flow.order("/future/orders", aFutureOrder({ recipient, ...more }));
  const receipt = json as { readonly notification: { readonly shipmentId: string } };
  return receipt.notification.shipmentId;
}

/** What a step asks of the database; how often budgets are looked at depends on the time, not on the e-mail. */
async function requestsOf(step: () => Promise<void>): Promise<readonly string[]> {
  const { counters } = flow.cosmos.server;
  counters.reset();
  await step();
  return counters
    .list()
    .filter(({ container, operation }) => container !== "budgets" && operation !== "Metadata")
    .map(
      ({ container = "", operation, requestCount }) => `${requestCount} ${operation} ${container}`,
    )
    .sort();
}

test("an e-mail that is due costs nine requests: two to store it as planned, four to send, three to record its report", async () => {
  const { notifications: ports } = flow.app;
  // Nothing is reported of it but what this test reports.
  let id = "";
  const placing = async (): Promise<void> => {
    id = await place("stuck+requests@example.com", { sendersReference: "a" });
  };
  expect(await requestsOf(placing)).toEqual(["1 Batch orders", "1 Upsert order-references"]);
  const [planned] = await ports.orders.listNotifications(id);
  expect(await requestsOf(() => sendEmail(ports, id, planned?.id ?? ""))).toEqual([
    "1 Upsert provider-references",
    "3 Batch orders",
  ]);
  const reference = (await ports.orders.listNotifications(id))[0]?.sending?.reference ?? "";
  const report = {
    provider: "acs-email",
    reference,
    status: "Delivered",
    at: flow.clock.now(),
  } as const;
  expect(await requestsOf(() => recordDelivery(ports, report, 1))).toEqual([
    "1 Read provider-references",
    "2 Batch orders",
  ]);
  expect((await ports.orders.getOrder(id))?.value).toMatchObject({ state: "Completed" });
});

test("an order for later costs two requests more, when its time has come", async () => {
  const requestedSendTime = new Date(flow.clock.now() + 60_000).toISOString();
  const id = await place("later@example.com", { requestedSendTime, idempotencyId: "later" });
  await flow.clock.advance(60_000);

  expect(await requestsOf(() => processOrder(flow.app.notifications, id))).toEqual([
    "1 Batch orders",
    "1 Read orders",
  ]);
});
