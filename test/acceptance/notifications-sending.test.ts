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
const sentTo = (address: string) => {
  const receiver = address.replace(/^\+/, "");
  return flow.inbox.messages().filter((it) => it.to.includes(receiver));
};

test("an e-mail and an SMS go out, are reported as delivered, and each order has one entry in the feed", async () => {
  const email = await place(to("delivered-once@example.com"));
  const sms = await place(toNumber("+4799999990"));
  await flow.pass(5000);
  await flow.replayChanges();

  expect(await orderOf(email)).toMatchObject({ state: "Completed" });
  expect(await notificationsOf(sms)).toMatchObject([{ status: "Delivered" }]);
  expect(sentTo("delivered-once@example.com")).toMatchObject([
    { headers: { "x-budstikke-shipment": email } },
  ]);
  const entries = await flow.app.notifications.statusFeed.read("ttd", 0, 500);
  expect(entries.filter(({ shipmentId }) => shipmentId === email)).toMatchObject([
    { status: "Completed", recipients: [{ status: "Delivered" }] },
  ]);
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Moves time on with the reconciler, which begins to ask where no report has come. */
async function passMinutes(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await flow.pass(MINUTE, 15_000);
    await flow.runTimer("ReleaseOverdue");
  }
  await flow.settle();
}

test.each([
  ["delivered+a", "Delivered"],
  ["lowercase+a", "Delivered"],
  ["expanded+a", "Delivered"],
  ["bounced+a", "Failed_Bounced"],
  ["spam+a", "Failed_FilteredSpam"],
  ["quarantined+a", "Failed_Quarantined"],
  ["suppressed+a", "Failed_SupressedRecipient"],
  ["failed+a", "Failed"],
  ["invalid+a", "Failed_InvalidEmailFormat"],
  ["invalid-nested+a", "Failed_InvalidEmailFormat"],
  ["toolarge+a", "Failed_PayloadTooLarge"],
  ["dropped+a", "Failed"],
  ["canceled+a", "Failed"],
])("ES-D06: an e-mail to %s ends as %s, and its order is complete", async (name, status) => {
  const id = await place(to(`${name}@example.com`));
  await passMinutes(3);

  expect(await notificationsOf(id)).toMatchObject([{ status }]);
  expect(await orderOf(id)).toMatchObject({ state: "Completed" });
});

test.each([
  ["+4799999912", "Delivered"],
  ["+4799999901", "Failed_Undelivered"],
  ["+4799999902", "Failed_Expired"],
  ["+4799999903", "Failed_Rejected"],
  ["+4799999904", "Failed_BarredReceiver"],
  ["+4799999905", "Failed_Deleted"],
  ["+4799999906", "Failed"],
  ["+4799999907", "Failed"],
  ["+4799999908", "Failed"],
  ["+4799999909", "Failed_BarredReceiver"],
  ["+4799999910", "Failed_Undelivered"],
  ["+4799999931", "Failed_InvalidRecipient"],
  ["+4799999932", "Failed"],
])("ES-D06, NO-D43: an SMS to %s ends as %s", async (number, status) => {
  const id = await place(toNumber(number));
  await flow.pass(5000);

  expect(await notificationsOf(id)).toMatchObject([{ status }]);
  expect(await orderOf(id)).toMatchObject({ state: "Completed" });
});

test.each(["throttled+b", "throttled-date+b", "throttled-bare+b"])(
  "ES-D15: %s makes the channel wait as long as it is told, then the e-mail goes out once",
  async (name) => {
    const address = `${name}@example.com`;
    const id = await place(to(address));
    await flow.settle();
    expect(await notificationsOf(id)).toMatchObject([{ status: "Sending" }]);
    await flow.pass(3 * MINUTE, 10_000);

    expect(await notificationsOf(id)).toMatchObject([{ status: "Delivered" }]);
    expect(sentTo(address)).toHaveLength(1);
  },
);

test.each(["unavailable+c", "error+c", "reset-before+c", "reset-after+c", "unavailable+3"])(
  "ES-D03, ES-D13: after %s the provider is asked first, and has the e-mail exactly once",
  async (name) => {
    const address = `${name}@example.com`;
    const id = await place(to(address));
    await flow.pass(HOUR, MINUTE);

    expect(await notificationsOf(id)).toMatchObject([{ status: "Delivered" }]);
    expect(sentTo(address)).toHaveLength(1);
    const operation = (await notificationsOf(id))[0]?.sending?.reference;
    expect(sentTo(address)[0]?.id).toBe(operation);
  },
);

test("NO-D04, ES-D12: an SMS that nobody reports on expires, and its order is complete", async () => {
  const id = await place(toNumber("+4799999921"));
  await flow.settle();
  expect(await notificationsOf(id)).toMatchObject([{ status: "Accepted" }]);
  await flow.clock.advance(2 * DAY + 4 * MINUTE);
  await flow.runTimer("ReleaseOverdue");
  expect(await notificationsOf(id)).toMatchObject([{ status: "Accepted" }]);
  await flow.clock.advance(2 * MINUTE);
  await flow.runTimer("ReleaseOverdue");
  await flow.settle();

  expect(await notificationsOf(id)).toMatchObject([{ status: "Failed_TTL" }]);
  expect(await orderOf(id)).toMatchObject({ state: "Completed" });
});

test("ES-D07: a refused log-on is no word about the SMS: it goes out when the account is mended", async () => {
  const id = await place(toNumber("+4799999934"));
  await flow.settle();
  expect(await notificationsOf(id)).toMatchObject([{ status: "Sending", failureCount: 1 }]);
  await flow.pass(MINUTE, 5000);

  expect(await notificationsOf(id)).toMatchObject([{ status: "Delivered" }]);
});

test.each(["+4799999937", "+4799999936", "+4799999935"])(
  "an SMS to %s whose call has no known outcome is not sent again, and says so",
  async (number) => {
    // A call that breaks off after it was taken is on record as both.
    const brokenCalls = () =>
      flow.inbox.calls().filter((it) => it.operation === "sms-send" && it.outcome !== "accepted");
    const before = brokenCalls().length;
    const id = await place(toNumber(number));
    await flow.pass(HOUR, 10 * MINUTE);

    expect(brokenCalls().length - before).toBe(1);
    expect(sentTo(number).length).toBeLessThanOrEqual(1);
    const [sms] = await notificationsOf(id);
    expect(sms?.sending).toMatchObject({ outcome: "unconfirmed" });
  },
);

test.each(["+4799999923", "+4799999924", "+4799999925", "+4799999927", "+4799999928"])(
  "NO-D09, ES-D04: reports about %s that come twice, early, out of order or among strange ones end as delivered",
  async (number) => {
    const id = await place(toNumber(number));
    await flow.pass(HOUR, MINUTE);

    expect(await notificationsOf(id)).toMatchObject([{ status: "Delivered" }]);
    expect(await orderOf(id)).toMatchObject({
      state: "Completed",
      tally: { sms: { generated: 1, succeeded: 1, open: 0 } },
    });
  },
);

test("NO-D10: a report that comes after the expiry is kept, and corrects what was only assumed", async () => {
  const id = await place(toNumber("+4799999921"));
  await flow.settle();
  await flow.clock.advance(2 * DAY + 6 * MINUTE);
  await flow.runTimer("ReleaseOverdue");
  const reference = (await notificationsOf(id))[0]?.sending?.reference ?? "";
  const report = `<?xml version="1.0"?><!DOCTYPE MSGLST SYSTEM "pswincom_report_request.dtd"><MSGLST><MSG><ID>7</ID><REF>${reference}</REF><RCV>4799999921</RCV><STATE>DELIVRD</STATE><DELIVERYTIME>2026.01.18 12:00:00</DELIVERYTIME></MSG></MSGLST>`;
  const { status, text } = await flow.request("POST", "/notifications/sms/api/v1/reports", {
    headers: {
      authorization: `Basic ${btoa("gateway:not-a-secret-either")}`,
      "content-type": "application/xml",
    },
    body: report,
  });

  expect({ status, text }).toEqual({
    status: 200,
    text: '<?xml version="1.0"?><MSGLST><MSG><ID>7</ID><STATUS>OK</STATUS></MSG></MSGLST>',
  });
  const [sms] = await notificationsOf(id);
  expect(sms).toMatchObject({ status: "Delivered" });
  expect(sms?.reports.map((it) => it.status)).toEqual(["Accepted", "Failed_TTL", "Delivered"]);
});

const report = (authorization: string | undefined, body: string) =>
  flow.request("POST", "/notifications/sms/api/v1/reports", {
    headers: {
      "content-type": "application/xml",
      ...(authorization !== undefined && { authorization }),
    },
    body,
  });

test.each([undefined, "Basic", `Basic ${btoa("gateway:wrong")}`, "Bearer x"])(
  "ES-D16: a report with the authorization %j is refused before anything of it is read",
  async (authorization) => {
    const before = flow.cosmos.server.counters.total().requestCount;

    expect((await report(authorization, "not XML")).status).toBe(401);
    expect(flow.cosmos.server.counters.total().requestCount).toBe(before);
  },
);

test("NO-D57: a report finds its notification by one small read, however many there are", async () => {
  const id = await place(toNumber("+4799999921"));
  await flow.settle();
  const reference = (await notificationsOf(id))[0]?.sending?.reference ?? "";
  flow.cosmos.server.counters.reset();
  const body = `<MSGLST><MSG><ID>1</ID><REF>${reference}</REF><RCV>4799999921</RCV><STATE>DELIVRD</STATE></MSG></MSGLST>`;
  await report(`Basic ${btoa("gateway:not-a-secret-either")}`, body);

  const { counters } = flow.cosmos.server;
  expect(counters.total({ container: "provider-references" }).requestCount).toBe(1);
  expect(counters.total({ operation: "Query" }).requestCount).toBe(0);
});

test("NO-D07: while the broker refuses messages an order waits, is not tried in a loop, and is sent once", async () => {
  const address = "delivered+broker@example.com";
  flow.serviceBus.faults.add({ on: "send", effect: "refuse", queue: "email-sends", times: 4 });
  const id = await place(to(address));
  await flow.pass(2 * MINUTE, 10_000);

  expect(await notificationsOf(id)).toMatchObject([{ status: "Delivered" }]);
  expect(sentTo(address)).toHaveLength(1);
});
