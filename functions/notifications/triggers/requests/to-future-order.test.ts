import { describe, expect, test } from "vitest";
import {
  aFutureOrder,
  anOrganization,
  aPerson,
  aReminder,
  NOW,
} from "../../../../test/support/notification-builders.ts";
import { DAY, errorsOf, iso, MINUTE, ordersOf } from "../../../../test/support/request-checking.ts";

const SMS_BODY = { body: "There is a letter for you." };

describe("what is lenient", () => {
  test("names are read in any letter case, enum values by number too, unknown members not at all", () => {
    const [order] = ordersOf({
      IDEMPOTENCYID: "1",
      somethingElse: true,
      Recipient: {
        recipientperson: {
          NationalIdentityNumber: "01017012345",
          channelSchema: "SMSPREFERRED",
          EmailSettings: { Subject: "s", Body: "b", contentType: 1, senderEmailAddress: null },
          smsSettings: { body: "b", sendingTimePolicy: 1 },
        },
      },
    });

    expect(order).toMatchObject({
      channelScheme: "SmsPreferred",
      email: { contentType: "Html" },
      sms: { policy: "Anytime" },
    });
  });

  test.each([iso(NOW - 4 * MINUTE), iso(NOW), "2026-01-15T13:00:00.1234567+01:00"])(
    "%s is not taken for the past, for clocks differ (NO-D25)",
    (requestedSendTime) => {
      expect(errorsOf(aFutureOrder({ requestedSendTime }))).toEqual({});
    },
  );

  test.each(["urn:altinn:resource:some-resource", "some-resource", "app_ttd_my_app"])(
    "%s names a resource (NO-D25)",
    (resourceId) => {
      expect(errorsOf(aFutureOrder({ recipient: anOrganization({ resourceId }) }))).toEqual({});
    },
  );
});

describe("what is ordered", () => {
  test("addresses are kept in their normal form (NO-D28)", () => {
    const recipients = [
      {
        recipientEmail: {
          emailAddress: " a@Example.com ",
          emailSettings: { subject: "s", body: "b" },
        },
      },
      { recipientSms: { phoneNumber: "0047 99 99 99 99", smsSettings: SMS_BODY } },
    ];
    const [main, reminder] = ordersOf(
      aFutureOrder({
        recipient: recipients[0],
        reminders: [aReminder({ recipient: recipients[1] })],
      }),
    );

    expect(main?.recipients).toEqual([{ emailAddress: "a@example.com" }]);
    expect(reminder?.recipients).toEqual([{ mobileNumber: "+4799999999" }]);
  });

  test("a reminder follows the main order by days, or at its own time, which may be earlier", () => {
    const at = NOW + 7 * DAY;
    const orders = ordersOf(
      aFutureOrder({
        sendersReference: "ours",
        conditionEndpoint: "https://example.com/condition",
        requestedSendTime: iso(at),
        dialogportenAssociation: { dialogId: "a", transmissionId: "b" },
        reminders: [
          aReminder({ delayDays: 2 }),
          aReminder({ delayDays: undefined, requestedSendTime: iso(NOW + DAY) }),
        ],
      }),
    );

    expect(orders.map(({ type, requestedSendAt }) => [type, requestedSendAt])).toEqual([
      ["Notification", at],
      ["Reminder", at + 2 * DAY],
      ["Reminder", NOW + DAY],
    ]);
    expect(orders[0]).toMatchObject({
      sendersReference: "ours",
      condition: { url: "https://example.com/condition", fallback: "send" },
    });
    expect(orders[1]).not.toHaveProperty("sendersReference");
    expect(orders[1]).not.toHaveProperty("condition");
    expect(orders[1]).toMatchObject({ dialog: { dialogId: "a", transmissionId: "b" } });
  });

  test("a subject becomes one line, and senders lose their blanks", () => {
    const [order] = ordersOf(
      aFutureOrder({
        recipient: aPerson({
          emailSettings: {
            subject: "a\r\nb\nc\rd",
            body: "x\n",
            senderEmailAddress: " p@example.com",
          },
          smsSettings: { body: "b", sender: " Etat " },
        }),
      }),
    );

    expect(order).toMatchObject({
      email: { subject: "a b c d", body: "x\n", senderAddress: "p@example.com" },
      sms: { sender: "Etat", policy: "Daytime" },
    });
  });

  test("what names no time is sent at once", () => {
    expect(ordersOf(aFutureOrder())[0]?.requestedSendAt).toBe(NOW);
  });
});
