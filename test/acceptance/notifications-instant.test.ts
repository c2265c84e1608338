/** Instant messages and composed e-mails over HTTP: stored before they are sent, and sent once. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  aComposedEmail,
  anAttachment,
  anInstantEmail,
  anInstantRecipient,
  aSasUrl,
  type Members,
} from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";
import type { Answer } from "../support/registrations.ts";

let flow: NotificationFlow;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

interface Receipt {
  readonly notificationOrderId: string;
  readonly notification: { readonly shipmentId: string };
}

const shipmentOf = ({ json }: Answer): string => (json as Receipt).notification.shipmentId;
const sms = (idempotencyId: string, overrides: Members = {}): Promise<Answer> =>
  flow.order("/future/orders/instant/sms", {
    idempotencyId,
    recipientSms: anInstantRecipient(overrides),
  });
const email = (idempotencyId: string, emailAddress: string): Promise<Answer> =>
  flow.order("/future/orders/instant/email", {
    idempotencyId,
    recipientEmail: { ...anInstantEmail(), emailAddress },
  });
const sentTo = (address: string) =>
  flow.inbox.messages().filter(({ to }) => to.includes(address.replace(/^\+/, "")));

describe("an instant message", () => {
  test("is with its provider when it is answered, at any hour", async () => {
    const answer = await sms("instant-1", { phoneNumber: "+4799999981" });

    expect(answer.status).toBe(201);
    expect(sentTo("+4799999981")).toHaveLength(1);
    expect((await flow.read(`/future/shipment/${shipmentOf(answer)}`)).json).toMatchObject({
      type: "Instant",
      status: "Order_Processed",
      recipients: [{ type: "SMS", destination: "+4799999981", status: "SMS_Accepted" }],
    });
  });

  test("NO-D23: its Location leads to it, and it comes to its end", async () => {
    const answer = await email("instant-2", "instant-2@example.com");
    await flow.pass(5000);
    const location = answer.headers.get("location") ?? "";

    expect(location).toMatch(/\/future\/shipment\//);
    expect((await flow.read(location.replace(/^.*\/api\/v1/, ""))).json).toMatchObject({
      status: "Order_Completed",
      recipients: [{ type: "Email", status: "Email_Delivered" }],
    });
    expect(sentTo("instant-2@example.com")).toHaveLength(1);
  });

  test("NO-D02: of many at the same time one is sent, and all get the same receipt", async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => sms("instant-3", { phoneNumber: "+4799999983" })),
    );
    await flow.pass(60_000);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(sentTo("+4799999983")).toHaveLength(1);
  });

  test("shares the scope of its idempotency id with the other instant messages", async () => {
    const first = await sms("instant-4", { phoneNumber: "+4799999984" });
    const older = await flow.order("/future/orders/instant", {
      idempotencyId: "instant-4",
      recipient: { recipientSms: anInstantRecipient({ phoneNumber: "+4799999984" }) },
    });

    expect(first.status).toBe(201);
    expect(older).toMatchObject({ status: 409, json: { code: "idempotency-conflict" } });
  });

  test("in the older spelling is sent too", async () => {
    const recipientSms = anInstantRecipient({ phoneNumber: "0047 99 99 99 85" });
    const body = { idempotencyId: "instant-5", recipient: { recipientSms } };
    const answer = await flow.order("/future/orders/instant", body);

    expect(answer.status).toBe(201);
    expect(sentTo("+4799999985")).toHaveLength(1);
  });

  test("that the provider will never take ends as failed", async () => {
    const answer = await sms("instant-6", { phoneNumber: "+4799999931" });

    expect(answer.status).toBe(201);
    expect((await flow.read(`/future/shipment/${shipmentOf(answer)}`)).json).toMatchObject({
      status: "Order_Completed",
      recipients: [{ status: "SMS_Failed_InvalidRecipient" }],
    });
  });
});

describe("a provider that does not answer", () => {
  test("NO-D27, NO-D49, NO-D02: the message is stored, and goes out once when it heals", async () => {
    flow.inbox.faults.add({ on: "sms-send", outcome: "error", count: 2 });
    const first = await sms("later-1", { phoneNumber: "+4799999991", timeToLiveInSeconds: 3600 });
    const again = await sms("later-1", { phoneNumber: "+4799999991", timeToLiveInSeconds: 3600 });
    await flow.pass(10 * 60_000, 30_000);

    expect(first).toMatchObject({ status: 503, json: { code: "NOT-00004", status: 503 } });
    expect(first.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(again.status).toBe(200);
    expect((await flow.read(`/future/shipment/${shipmentOf(again)}`)).json).toMatchObject({
      status: "Order_Completed",
      recipients: [{ status: "SMS_Delivered" }],
    });
    expect(sentTo("+4799999991")).toHaveLength(1);
  });

  test("NO-D27: a message whose time to live ends before is not sent any more", async () => {
    flow.inbox.faults.add({ on: "sms-send", outcome: "error", count: 1000 });
    const first = await sms("later-2", { phoneNumber: "+4799999992", timeToLiveInSeconds: 60 });
    const again = await sms("later-2", { phoneNumber: "+4799999992", timeToLiveInSeconds: 60 });
    await flow.pass(2 * 60_000, 15_000);
    flow.inbox.faults.clear();
    await flow.pass(15 * 60_000, 60_000);

    expect([first.status, again.status]).toEqual([503, 200]);
    expect((await flow.read(`/future/shipment/${shipmentOf(again)}`)).json).toMatchObject({
      status: "Order_Completed",
      recipients: [{ status: "SMS_Failed_TTL" }],
    });
    expect(sentTo("+4799999992")).toHaveLength(0);
  });
});

describe("a composed e-mail", () => {
  const compose = async (body: object, scope: string): Promise<Answer> => {
    const token = await flow.platform.bearer({ "urn:altinn:org": "ttd", scope });
    return flow.request("POST", "/notifications/api/v1/future/orders/composed-email", {
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  };
  const SCOPE = "altinn:serviceowner/notifications.composedemail.create";

  test("asks for a scope of its own", async () => {
    const other = await compose(aComposedEmail(), "altinn:serviceowner/notifications.create");
    const token = await flow.platform.platformToken("platform", "some-component");
    const path = "/notifications/api/v1/future/orders/composed-email";
    const byComponent = await flow.request("POST", path, {
      headers: { platformaccesstoken: token, "content-type": "application/json" },
      body: JSON.stringify(aComposedEmail()),
    });

    expect([other.status, byComponent.status]).toEqual([403, 401]);
  });

  test("is stored with the addresses of its files, and answered like any order", async () => {
    const first = await compose(aComposedEmail(), SCOPE);
    const second = await compose(aComposedEmail(), SCOPE);

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.json).toEqual(first.json);
    const order = await flow.app.notifications.orders.getOrder(shipmentOf(first));
    expect(order?.value).toMatchObject({
      type: "Composed",
      email: { attachments: [{ filename: "letter.pdf", sasUrl: aSasUrl() }] },
    });
  });

  test("with a file that cannot be read in time is refused", async () => {
    const se = new Date(flow.clock.now() + 60_000).toISOString();
    const attachments = [anAttachment({ sasUrl: aSasUrl({ se }) })];

    expect((await compose(aComposedEmail({ attachments }), SCOPE)).json).toMatchObject({
      errors: {
        "Recipient.Settings.Attachments[0].SasUrl": [
          "Attachment 'letter.pdf': sasUrl must be valid for at least 15 minutes after requestedSendTime.",
        ],
      },
    });
  });

  test("no signature of a file is logged", () => {
    expect(flow.logged.join("\n")).not.toMatch(/sig=|blob\.core/);
  });
});
