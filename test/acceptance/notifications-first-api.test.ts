/** The first order API over HTTP: placing, reading, cancelling. Existing clients must not notice a difference. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  aFutureOrder,
  aLegacyEmailOrder,
  aLegacyOrder,
  aLegacySmsOrder,
  type Members,
} from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";
import type { Answer } from "../support/registrations.ts";

let flow: NotificationFlow;
const BASE = "/notifications/api/v1";
const HOUR = 60 * 60_000;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

const idOf = ({ json }: Answer): string => (json as { orderId: string }).orderId;
const placeEmail = (overrides: Members = {}): Promise<Answer> =>
  flow.order("/orders/email", aLegacyEmailOrder(overrides));
const inAnHour = (): string => new Date(flow.clock.now() + HOUR).toISOString();

async function callAs(org: string, method: string, path: string): Promise<Answer> {
  const token = await flow.platform.bearer({
    "urn:altinn:org": org,
    scope: "altinn:serviceowner/notifications.create",
  });
  return flow.request(method, `${BASE}${path}`, { headers: { authorization: `Bearer ${token}` } });
}

describe("placing", () => {
  test("an order to an address is accepted, and Location leads to it", async () => {
    const answer = await placeEmail();

    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({ orderId: idOf(answer) });
    expect(answer.headers.get("location")).toBe(
      `http://127.0.0.1:7071${BASE}/orders/${idOf(answer)}`,
    );
  });

  const REACHABLE = { nationalIdentityNumber: "01869010061" };
  const RESERVED = { nationalIdentityNumber: "02877560042" };
  const UNREACHABLE = { organizationNumber: "314104013" };

  test.each<[recipients: object[], lookup: object]>([
    [[REACHABLE], { status: "Success", isReserved: [], missingContact: [] }],
    [
      [REACHABLE, RESERVED, UNREACHABLE, { emailAddress: "a@example.com" }],
      { status: "PartialSuccess", isReserved: ["02877560042"], missingContact: ["314104013"] },
    ],
    [
      [RESERVED, UNREACHABLE],
      { status: "Failed", isReserved: ["02877560042"], missingContact: ["314104013"] },
    ],
  ])("what was looked up is told: %j", async (recipients, recipientLookup) => {
    const answer = await placeEmail({ recipients });

    expect(answer).toMatchObject({ status: 202, json: { recipientLookup } });
  });

  test("NO-D17: a business that only its users speak for is not missing", async () => {
    const recipients = [{ organizationNumber: "314103017" }];
    const answer = await placeEmail({ recipients, resourceId: "ttd-letters" });

    expect(answer.json).toMatchObject({ recipientLookup: { status: "Success" } });
  });

  test("NO-D20: a register that does not answer is a 503, not a 500", async () => {
    const heal = flow.platform.faults.add({ service: "profile", effect: { kind: "reset" } });
    const recipients = [{ nationalIdentityNumber: "07846614049" }];
    const answer = await placeEmail({ recipients });
    heal();

    expect(answer).toMatchObject({ status: 503, json: { code: "NOT-00004" } });
  });

  test("NO-D15: both channels are told to an address of each, and the order comes to its end", async () => {
    const answer = await flow.order(
      "/orders",
      aLegacyOrder({
        notificationChannel: "EmailAndSms",
        recipients: [{ emailAddress: "both@example.com", mobileNumber: "+4799999990" }],
      }),
    );
    await flow.pass(5000);
    const { json } = await flow.read(`/orders/${idOf(answer)}/status`);

    expect(json).toMatchObject({
      processingStatus: { status: "Completed" },
      notificationsStatusSummary: {
        email: { generated: 1, succeeded: 1 },
        sms: { generated: 1, succeeded: 1 },
      },
    });
  });

  test("NO-D16: who is named twice is told once", async () => {
    const recipients = [{ mobileNumber: "+4799999990" }, { mobileNumber: "0047 99 99 99 90" }];
    const answer = await flow.order("/orders/sms", aLegacySmsOrder({ recipients }));
    await flow.pass(5000);
    const { json } = await flow.read(`/orders/${idOf(answer)}/notifications/sms`);

    expect(json).toMatchObject({ generated: 1, succeeded: 1 });
  });
});

describe("reading", () => {
  test("an order is shown as it was placed, times in UTC, without what is not there", async () => {
    const answer = await flow.order(
      "/orders",
      aLegacyOrder({
        notificationChannel: "emailpreferred",
        requestedSendTime: "2026-01-16T12:00:00+01:00",
        recipients: [{ emailAddress: " A@Example.com" }, { nationalIdentityNumber: "01869010061" }],
        resourceId: "ttd-letters",
        conditionEndpoint: "https://example.com/condition",
        ignoreReservation: true,
      }),
    );
    const id = idOf(answer);
    const self = `http://127.0.0.1:7071${BASE}/orders/${id}`;
    const order = await flow.read(`/orders/${id.toUpperCase()}/`);

    expect(order.status).toBe(200);
    expect(order.json).toEqual({
      id,
      requestedSendTime: "2026-01-16T11:00:00.000Z",
      creator: "ttd",
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
      notificationChannel: "EmailPreferred",
      ignoreReservation: true,
      resourceId: "ttd-letters",
      conditionEndpoint: "https://example.com/condition",
      recipients: [{ emailAddress: "A@example.com" }, { nationalIdentityNumber: "01869010061" }],
      emailTemplate: {
        fromAddress: "noreply@example.com",
        subject: "A letter",
        body: "There is a letter for you.",
        contentType: "Plain",
      },
      smsTemplate: { senderNumber: "Budstikke", body: "There is a letter for you." },
      links: { self, status: `${self}/status` },
    });
  });

  test("the status of a new order says nothing of notifications", async () => {
    const answer = await placeEmail({ requestedSendTime: inAnHour() });
    const { json } = await flow.read(`/orders/${idOf(answer)}/status`);

    expect(json).not.toHaveProperty("notificationsStatusSummary");
    expect(json).not.toHaveProperty("recipients");
    expect(json).toMatchObject({
      processingStatus: {
        status: "Registered",
        description:
          "Order has been registered and is awaiting requested send time before processing.",
      },
    });
  });

  test("NO-D22: status and description are of one mind, on the way and at the end", async () => {
    const answer = await placeEmail({ recipients: [{ emailAddress: "late@example.com" }] });
    await flow.settle();
    const onTheWay = await flow.read(`/orders/${idOf(answer)}/status`);
    await flow.pass(10_000);
    const atTheEnd = await flow.read(`/orders/${idOf(answer)}/status`);

    for (const { json } of [onTheWay, atTheEnd]) {
      expect(json).toMatchObject({
        processingStatus: {
          status: "Completed",
          description: "Order processing is completed. All notifications have a final status.",
        },
      });
    }
  });

  test("NO-D21: what is delivered still counts", async () => {
    const answer = await flow.order("/orders/sms", aLegacySmsOrder());
    await flow.pass(5000);
    const id = idOf(answer);
    const status = await flow.read(`/orders/${id}/status`);
    const sms = await flow.read(`/orders/${id}/notifications/sms`);
    const emails = await flow.read(`/orders/${id}/notifications/email`);

    expect(status.json).toMatchObject({
      notificationsStatusSummary: {
        sms: {
          links: { self: `http://127.0.0.1:7071${BASE}/orders/${id}/notifications/sms` },
          generated: 1,
          succeeded: 1,
        },
      },
    });
    expect(status.json).not.toHaveProperty("notificationsStatusSummary.email");
    expect(sms.json).toMatchObject({
      orderId: id,
      generated: 1,
      succeeded: 1,
      notifications: [
        {
          succeeded: true,
          recipient: { mobileNumber: "+4799999999" },
          sendStatus: {
            status: "Delivered",
            description: "The SMS was successfully delivered to its destination.",
          },
        },
      ],
    });
    expect(emails.json).toEqual({ orderId: id, generated: 0, succeeded: 0, notifications: [] });
  });

  test("who is reserved or unknown is shown without address", async () => {
    const recipients = [
      { nationalIdentityNumber: "02877560042" },
      { organizationNumber: "314104013" },
    ];
    const answer = await placeEmail({ recipients });
    await flow.settle();
    const { json } = await flow.read(`/orders/${idOf(answer)}/notifications/email`);

    expect(json).toMatchObject({
      succeeded: 0,
      notifications: [
        {
          recipient: { nationalIdentityNumber: "02877560042" },
          sendStatus: { status: "Failed_RecipientReserved" },
        },
        {
          recipient: { organizationNumber: "314104013" },
          sendStatus: { status: "Failed_RecipientNotIdentified" },
        },
      ],
    });
    expect(json).not.toHaveProperty("notifications.0.recipient.emailAddress");
  });

  test.each(["", "/status", "/notifications/email", "/notifications/sms"])(
    "the orders of others are not there: /orders/{id}%s",
    async (path) => {
      const id = idOf(await placeEmail());
      const foreign = await callAs("skd", "GET", `/orders/${id}${path}`);
      const unknown = await flow.read(`/orders/${crypto.randomUUID()}${path}`);
      const malformed = await flow.read(`/orders/email${path}`);

      expect([foreign.status, unknown.status, malformed.status]).toEqual([404, 404, 400]);
      expect(malformed.json).toMatchObject({ errors: { id: ["The value 'email' is not valid."] } });
    },
  );

  test("an order of the newer API is shown too", async () => {
    const answer = await flow.order("/future/orders", aFutureOrder());
    const { notification } = answer.json as { notification: { shipmentId: string } };

    expect((await flow.read(`/orders/${notification.shipmentId}`)).json).toMatchObject({
      notificationChannel: "Email",
      recipients: [{ emailAddress: "somebody@example.com" }],
    });
  });
});
