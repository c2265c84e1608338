/** When a provider is asked what became of an e-mail, and what its answers do; see `notification-flow.ts`. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { aFutureOrder, anEmail } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let flow: NotificationFlow;
let count = 0;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

beforeEach(() => {
  flow.inbox.configure({ reportInMs: 400 });
});

afterAll(() => flow.stop());

interface Receipt {
  readonly notification: { readonly shipmentId: string };
}

/** Places an order with an id of its own. */
async function place(recipient: object): Promise<string> {
  count += 1;
  const body = aFutureOrder({ idempotencyId: `order-${count}`, recipient });
  const { status, text, json } = await flow.order("/future/orders", body);
  expect({ status, text }).toMatchObject({ status: 201 });
  return (json as Receipt).notification.shipmentId;
}

const to = (emailAddress: string): object => ({
  recipientEmail: { ...(anEmail() as { recipientEmail: object }).recipientEmail, emailAddress },
});

const orderOf = async (id: string) => (await flow.app.notifications.orders.getOrder(id))?.value;
const notificationsOf = (id: string) => flow.app.notifications.orders.listNotifications(id);
const sentTo = (address: string) => flow.inbox.messages().filter((it) => it.to.includes(address));

/** Moves time on with the reconciler, which begins to ask where no report has come. */
async function passMinutes(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await flow.pass(MINUTE, 15_000);
    await flow.runTimer("ReleaseOverdue");
  }
  await flow.settle();
}

/** How often the provider was asked about an e-mail. */
async function questionsAbout(id: string): Promise<number> {
  const operation = (await notificationsOf(id))[0]?.sending?.reference;
  const calls = flow.inbox.calls().filter(({ key }) => key === operation);
  return calls.filter((call) => call.operation === "email-status").length;
}

test.each(["status-throttled+d", "status-unavailable+d", "status-denied+d"])(
  "ES-D01, ES-D02: %s, a question that is not answered, sends nothing again and ends nothing",
  async (name) => {
    const address = `${name}@example.com`;
    flow.inbox.configure({ reportInMs: 3 * MINUTE });
    const id = await place(to(address));
    await passMinutes(4);

    expect(await questionsAbout(id)).toBeGreaterThan(0);
    expect(await notificationsOf(id)).toMatchObject([{ status: "Delivered" }]);
    expect(sentTo(address)).toHaveLength(1);
  },
);

test("ES-D05: nobody asks about an e-mail whose report has come", async () => {
  const id = await place(to("reported@example.com"));
  await passMinutes(10);

  expect(await notificationsOf(id)).toMatchObject([{ status: "Delivered" }]);
  expect(await questionsAbout(id)).toBe(0);
});

test("ES-D05: an operation that never ends is asked about a handful of times, and expires", async () => {
  const id = await place(to("stuck+e@example.com"));
  await passMinutes(15);
  const early = await questionsAbout(id);
  await flow.pass(3 * DAY, 2 * HOUR);
  await flow.runTimer("ReleaseOverdue");
  await flow.settle();

  expect(early).toBe(3);
  expect(await questionsAbout(id)).toBe(6);
  expect(await notificationsOf(id)).toMatchObject([{ status: "Failed_TTL" }]);
  expect(await orderOf(id)).toMatchObject({ state: "Completed" });
});
