/** What anybody can send about notifications, fed with what it is not made for: no 500, no hang, nothing polluted. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainTextOf } from "../../functions/notifications/adapters/plain-text.ts";
import { toSendAnswer } from "../../functions/notifications/adapters/link-sms-xml.ts";
import { smsReportCredentials } from "../../local/addresses.ts";
import { asked, bodiesLike } from "../support/fuzzing.ts";
import { hostileText } from "../support/hostile.ts";
import {
  aComposedEmail,
  aFutureOrder,
  aLegacyEmailOrder,
  aLegacyOrder,
  aLegacySmsOrder,
  anAttachment,
  anInstantEmail,
  anInstantRecipient,
  aPerson,
  aReminder,
} from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";
import { contextOf } from "../support/registrations.ts";

describe("notifications", () => {
  let flow: NotificationFlow;

  beforeAll(async () => {
    flow = await startNotificationFlow();
  });
  afterAll(() => flow.stop());

  const full = aFutureOrder({
    recipient: aPerson(),
    reminders: [aReminder()],
    conditionEndpoint: "https://example.com/condition",
    requestedSendTime: "2026-02-01T12:00:00Z",
  });

  test.each<[path: string, valid: object]>([
    ["/future/orders", full],
    ["/future/orders/composed-email", aComposedEmail({ attachments: [anAttachment()] })],
    ["/future/orders/instant/sms", anInstantRecipient()],
    ["/future/orders/instant/email", anInstantEmail()],
    ["/orders", aLegacyOrder()],
    ["/orders/email", aLegacyEmailOrder()],
    ["/orders/sms", aLegacySmsOrder()],
  ])("POST %s", async (path, valid) => {
    expect(await asked(bodiesLike(valid), (body) => post(path, body))).toBe("survived");
  });

  const post = async (path: string, body: string) => {
    const claims = { "urn:altinn:org": "ttd", scope: "altinn:serviceowner/notifications.create" };
    return flow.request("POST", `/notifications/api/v1${path}`, {
      headers: {
        authorization: `Bearer ${await flow.platform.bearer(claims)}`,
        "content-type": "application/json",
      },
      body,
    });
  };

  /** What the host hands over is JSON already; a text when it is not. */
  const raw = (body: string): unknown => {
    try {
      return JSON.parse(body);
    } catch {
      return body;
    }
  };

  test("ids and cursors", async () => {
    const path = fc.constantFrom("/orders/", "/future/shipment/", "/future/orders/");
    expect(
      await asked(fc.tuple(path, hostileText), ([before, text]) =>
        flow.read(
          `${before}${encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, "?") || "x").replaceAll(".", "~")}`,
        ),
      ),
    ).toBe("survived");
    expect(
      await asked(hostileText, (seq) =>
        flow.read(
          `/future/shipment/feed?${new URLSearchParams({ seq, pageSize: seq }).toString()}`,
        ),
      ),
    ).toBe("survived");
  });

  test("the gateway's reports", async () => {
    const { user, password } = smsReportCredentials;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const report = (id: string, state: string) =>
      `<?xml version="1.0"?><MSGLST><MSG><ID>${id}</ID><REF>${id}</REF><RCV>4799999999</RCV><STATE>${state}</STATE><DELIVERYTIME>2026.01.15 12:00:00</DELIVERYTIME></MSG></MSGLST>`;
    const bodies = fc.oneof(
      hostileText,
      fc.tuple(hostileText, hostileText).map(([id, state]) => report(id, state)),
      fc.constantFrom(
        `<!DOCTYPE a [<!ENTITY b "${"c".repeat(1000)}">]><MSGLST>${"&b;".repeat(10_000)}</MSGLST>`,
        `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><MSGLST><MSG><ID>&b;</ID></MSG></MSGLST>`,
        "<a>".repeat(20_000),
        `<MSGLST>${"<MSG></MSG>".repeat(10_000)}</MSGLST>`,
        "<__proto__><polluted>1</polluted></__proto__>",
        "<MSGLST><__proto__><polluted>1</polluted></__proto__></MSGLST>",
      ),
    );
    expect(
      await asked(bodies, (body) =>
        flow.request("POST", "/notifications/sms/api/v1/reports", {
          headers: { authorization, "content-type": "application/xml" },
          body,
        }),
      ),
    ).toBe("survived");
  });

  test("events of Event Grid", async () => {
    const [name, options] = [...flow.registrations.eventGrids][0] ?? [];
    const valid = {
      id: "1",
      eventType: "Microsoft.Communication.EmailDeliveryReportReceived",
      subject: "sender/a/message/b",
      eventTime: "2026-01-15T12:00:00Z",
      dataVersion: "1.0",
      data: {
        messageId: "b",
        status: "Delivered",
        deliveryStatusDetails: { statusMessage: "ok" },
        deliveryAttemptTimeStamp: "2026-01-15T12:00:00Z",
      },
    };
    const events = bodiesLike(valid).map(raw);
    expect(
      await asked(events, async (event) => {
        await options?.handler(event as never, contextOf(name ?? ""));
        return { status: 200 };
      }),
    ).toBe("survived");
  });
});

test("HTML that becomes plain text, and answers of the SMS gateway", async () => {
  const markup = fc.array(
    fc.oneof(
      hostileText,
      fc.constantFrom("<b>", "</b>", "<!--", "-->", "<![CDATA[", "&lt;", "&#x110000;"),
    ),
    { maxLength: 20 },
  );
  const outcome = await asked(
    markup.map((parts) => parts.join("")),
    (text) => {
      plainTextOf(text);
      toSendAnswer(text);
      return Promise.resolve({ status: 200 });
    },
  );
  expect(outcome).toBe("survived");
});
