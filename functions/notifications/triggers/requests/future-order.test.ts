import { describe, expect, test } from "vitest";
import {
  aFutureOrder,
  anEmail,
  anExternalIdentity,
  anOrganization,
  anSms,
  aPerson,
  aReminder,
  NOW,
} from "../../../../test/support/notification-builders.ts";
import { bind } from "./bind.ts";
import type { Errors } from "./findings.ts";
import { checkFutureOrder } from "./future-order-rules.ts";
import { futureOrderSchema } from "./future-order-schema.ts";
import { toFutureOrders } from "./to-future-order.ts";

const context = {
  now: NOW,
  isCallable: (url: URL) => url.protocol === "https:" && url.hostname.includes("."),
  attachmentHosts: new Set<string>(),
};

const read = (body: string) => bind(futureOrderSchema, body, "notificationOrderRequest");

function errorsOf(body: unknown): Errors {
  const bound = read(JSON.stringify(body));
  return bound.kind === "refused" ? bound.errors : checkFutureOrder(bound.value, context).errors;
}

function ordersOf(body: unknown) {
  const bound = read(JSON.stringify(body));
  if (bound.kind === "refused") throw new Error(JSON.stringify(bound.errors));
  expect(checkFutureOrder(bound.value, context).errors).toEqual({});
  return toFutureOrders(bound.value, NOW);
}

const iso = (at: number): string => new Date(at).toISOString();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const SMS_BODY = { body: "There is a letter for you." };
const NO_EMAIL = { emailSettings: undefined };
const NO_SMS = { smsSettings: undefined };

describe("rules", () => {
  test.each<[name: string, body: object, key: string, message: string]>([
    [
      "a time without zone",
      aFutureOrder({ requestedSendTime: "2026-02-01T12:00:00" }),
      "RequestedSendTime",
      "The requested send time value must have specified a time zone.",
    ],
    [
      "a time long past",
      aFutureOrder({ requestedSendTime: iso(NOW - 6 * MINUTE) }),
      "RequestedSendTime",
      "RequestedSendTime must be greater than or equal to now.",
    ],
    [
      "a time in another age (NO-D38)",
      aFutureOrder({ requestedSendTime: "9999-01-01T00:00:00Z" }),
      "RequestedSendTime",
      "RequestedSendTime must be within 1830 days from now.",
    ],
    [
      "a relative condition",
      aFutureOrder({ conditionEndpoint: "/condition" }),
      "ConditionEndpoint",
      "ConditionEndpoint must be a valid absolute URI or null.",
    ],
    [
      "a condition by ftp",
      aFutureOrder({ conditionEndpoint: "ftp://example.com/condition" }),
      "ConditionEndpoint",
      "ConditionEndpoint must use http or https scheme.",
    ],
    [
      "a condition within the cluster (NO-D36)",
      aFutureOrder({ conditionEndpoint: "http://localhost/condition" }),
      "ConditionEndpoint",
      "ConditionEndpoint must be a public https address.",
    ],
    [
      "an unknown fallback",
      aFutureOrder({ conditionFallback: 7 }),
      "ConditionFallback",
      "ConditionFallback must be send or cancel.",
    ],
    [
      "a callback without TLS",
      aFutureOrder({ statusCallback: "http://example.com/" }),
      "StatusCallback",
      "StatusCallback must be a public https address.",
    ],
    [
      "no recipient",
      aFutureOrder({ recipient: {} }),
      "Recipient",
      "Must have exactly one recipient.",
    ],
    [
      "two recipients",
      aFutureOrder({ recipient: { ...anEmail(), ...anSms() } }),
      "Recipient",
      "Must have exactly one recipient.",
    ],
    [
      "a bad address",
      aFutureOrder({
        recipient: {
          recipientEmail: { emailAddress: "nobody", emailSettings: { subject: "s", body: "b" } },
        },
      }),
      "Recipient.RecipientEmail.EmailAddress",
      "Invalid email address format.",
    ],
    [
      "a bad sender",
      aFutureOrder({ recipient: anEmail({ senderEmailAddress: "nobody" }) }),
      "Recipient.RecipientEmail.Settings.SenderEmailAddress",
      "The sender email address is not valid.",
    ],
    [
      "an e-mail by day",
      aFutureOrder({ recipient: anEmail({ sendingTimePolicy: "Daytime" }) }),
      "Recipient.RecipientEmail.Settings.SendingTimePolicy",
      "Email only supports send time anytime",
    ],
    [
      "an unknown content type",
      aFutureOrder({ recipient: anEmail({ contentType: 2 }) }),
      "Recipient.RecipientEmail.Settings.ContentType",
      "Email content type must be either Plain or HTML.",
    ],
    [
      "a bad number",
      aFutureOrder({
        recipient: { recipientSms: { phoneNumber: "12345678", smsSettings: SMS_BODY } },
      }),
      "Recipient.RecipientSms.PhoneNumber",
      "Recipient phone number is not a valid mobile number.",
    ],
    [
      "an unknown time policy",
      aFutureOrder({ recipient: anSms({ sendingTimePolicy: 0 }) }),
      "Recipient.RecipientSms.Settings.SendingTimePolicy",
      "SMS only supports send time daytime and anytime",
    ],
    [
      "an unknown channel",
      aFutureOrder({ recipient: aPerson({ channelSchema: 5 }) }),
      "Recipient.RecipientPerson.ChannelSchema",
      "Invalid channel scheme value.",
    ],
    [
      "both channels without e-mail",
      aFutureOrder({ recipient: aPerson({ channelSchema: "EmailAndSms", ...NO_EMAIL }) }),
      "Recipient.RecipientPerson.EmailSettings",
      "EmailSettings must be set when ChannelSchema is EmailAndSms",
    ],
    [
      "both channels without SMS",
      aFutureOrder({ recipient: aPerson({ channelSchema: "EmailAndSms", ...NO_SMS }) }),
      "Recipient.RecipientPerson.SmsSettings",
      "SmsSettings must be set when ChannelSchema is EmailAndSms",
    ],
    [
      "SMS preferred without e-mail",
      aFutureOrder({ recipient: aPerson({ channelSchema: "SmsPreferred", ...NO_EMAIL }) }),
      "Recipient.RecipientPerson.EmailSettings",
      "EmailSettings must be set when ChannelSchema is SmsPreferred or EmailPreferred",
    ],
    [
      "e-mail preferred without SMS",
      aFutureOrder({ recipient: aPerson({ channelSchema: "EmailPreferred", ...NO_SMS }) }),
      "Recipient.RecipientPerson.SmsSettings",
      "SmsSettings must be set when ChannelSchema is SmsPreferred or EmailPreferred",
    ],
    [
      "SMS without text",
      aFutureOrder({ recipient: anOrganization({ channelSchema: "Sms" }) }),
      "Recipient.RecipientOrganization.SmsSettings",
      "SmsSettings must be set when ChannelSchema is Sms",
    ],
    [
      "e-mail without text",
      aFutureOrder({ recipient: anOrganization({ channelSchema: "Email", ...NO_EMAIL }) }),
      "Recipient.RecipientOrganization.EmailSettings",
      "EmailSettings must be set when ChannelSchema is Email",
    ],
    [
      "a resource of another kind",
      aFutureOrder({ recipient: anOrganization({ resourceId: "urn:altinn:org:ttd" }) }),
      "Recipient.RecipientOrganization.ResourceId",
      "ResourceId must have a valid syntax.",
    ],
    [
      "a resource without name",
      aFutureOrder({ recipient: aPerson({ resourceId: "urn:altinn:resource:" }) }),
      "Recipient.RecipientPerson.ResourceId",
      "ResourceId must have a valid syntax.",
    ],
    [
      "an action without resource",
      aFutureOrder({ recipient: anExternalIdentity({ resourceAction: "read" }) }),
      "Recipient.RecipientExternalIdentity.ResourceAction",
      "ResourceAction cannot be specified without a ResourceId.",
    ],
    [
      "a blank action",
      aFutureOrder({
        recipient: anOrganization({ resourceId: "urn:altinn:resource:a", resourceAction: " " }),
      }),
      "Recipient.RecipientOrganization.ResourceAction",
      "ResourceAction cannot be blank or whitespace.",
    ],
    [
      "a short national identity number",
      aFutureOrder({ recipient: aPerson({ nationalIdentityNumber: "1234567890" }) }),
      "Recipient.RecipientPerson.NationalIdentityNumber",
      "National identity number must be 11 digits long.",
    ],
    [
      "a short organization number",
      aFutureOrder({ recipient: anOrganization({ orgNumber: "12345678" }) }),
      "Recipient.RecipientOrganization.OrgNumber",
      "Organization number must be 9 digits long.",
    ],
    [
      "a foreign name",
      aFutureOrder({ recipient: anExternalIdentity({ externalIdentity: "urn:ssn:1" }) }),
      "Recipient.RecipientExternalIdentity.ExternalIdentity",
      "Invalid external identity URN format.",
    ],
    [
      "a reminder without time",
      aFutureOrder({ reminders: [aReminder({ delayDays: undefined })] }),
      "Reminders[0]",
      "Either DelayDays or RequestedSendTime must be defined, but not both.",
    ],
    [
      "a reminder without delay",
      aFutureOrder({ reminders: [aReminder({ delayDays: 0 })] }),
      "Reminders[0].DelayDays",
      "DelayDays must be greater than or equal to 1 day.",
    ],
    [
      "a reminder in another age (NO-D38)",
      aFutureOrder({ reminders: [aReminder({ delayDays: 2000 })] }),
      "Reminders[0].DelayDays",
      "A reminder must be within 1830 days from now.",
    ],
    [
      "a reminder's time without zone",
      aFutureOrder({
        reminders: [aReminder({ delayDays: undefined, requestedSendTime: "2026-02-01T12:00:00" })],
      }),
      "Reminders[0].RequestedSendTime",
      "The RequestedSendTime must have specified a time zone.",
    ],
    [
      "a reminder in the past",
      aFutureOrder({
        reminders: [aReminder({ delayDays: undefined, requestedSendTime: iso(NOW - DAY) })],
      }),
      "Reminders[0].RequestedSendTime",
      "RequestedSendTime must be greater than or equal to the current UTC time.",
    ],
    [
      "a reminder's recipient",
      aFutureOrder({ reminders: [aReminder(), aReminder({ recipient: {} })] }),
      "Reminders[1].Recipient",
      "Must have exactly one recipient.",
    ],
    [
      "a long id (NO-D38)",
      aFutureOrder({ idempotencyId: "i".repeat(501) }),
      "IdempotencyId",
      "Must have at most 500 characters.",
    ],
    [
      "a long SMS (NO-D38)",
      aFutureOrder({ recipient: anSms({ body: "b".repeat(10_001) }) }),
      "Recipient.RecipientSms.Settings.Body",
      "Must have at most 10000 characters.",
    ],
    [
      "many reminders (NO-D38)",
      aFutureOrder({ reminders: Array.from({ length: 99 }, () => aReminder()) }),
      "Reminders",
      "Must have at most 98 reminders.",
    ],
  ])("%s is refused", (_name, body, key, message) => {
    expect(errorsOf(body)).toEqual({ [key]: [message] });
  });

  test("everything that is wrong is told at once", () => {
    const time = iso(NOW + 3 * DAY);
    const body = aFutureOrder({
      conditionEndpoint: "nowhere",
      recipient: {},
      reminders: [aReminder({ delayDays: 2, requestedSendTime: time })],
    });

    expect(errorsOf(body)).toEqual({
      ConditionEndpoint: ["ConditionEndpoint must be a valid absolute URI or null."],
      Recipient: ["Must have exactly one recipient."],
      "Reminders[0]": ["Either DelayDays or RequestedSendTime must be defined, but not both."],
      "Reminders[0].RequestedSendTime": ["RequestedSendTime must be null when DelayDays is set."],
      "Reminders[0].DelayDays": ["DelayDays must be null when RequestedSendTime is set."],
    });
  });
});

describe("members that must be there", () => {
  const whole = ["The notificationOrderRequest field is required."];

  test.each<[name: string, body: object, errors: object]>([
    [
      "missing",
      { recipient: anEmail() },
      {
        $: [
          "JSON deserialization for type 'Altinn.Notifications.Models.NotificationOrderChainRequestExt' was missing required properties including: 'idempotencyId'.",
        ],
        notificationOrderRequest: whole,
      },
    ],
    [
      "missing further in",
      aFutureOrder({ recipient: aPerson({ channelSchema: undefined }) }),
      {
        "$.recipient.recipientPerson": [
          "JSON deserialization for type 'Altinn.Notifications.Models.Recipient.RecipientPersonExt' was missing required properties including: 'channelSchema'.",
        ],
        notificationOrderRequest: whole,
      },
    ],
    [
      "of another type",
      aFutureOrder({ reminders: [aReminder({ delayDays: "soon" })] }),
      {
        "$.reminders[0].delayDays": [
          "The JSON value could not be converted. Path: $.reminders[0].delayDays.",
        ],
        notificationOrderRequest: whole,
      },
    ],
    [
      "no such day",
      aFutureOrder({ requestedSendTime: "2026-02-30T00:00:00Z" }),
      {
        "$.requestedSendTime": [
          "The JSON value could not be converted. Path: $.requestedSendTime.",
        ],
        notificationOrderRequest: whole,
      },
    ],
    [
      "null",
      aFutureOrder({ recipient: null }),
      { Recipient: ["The Recipient field is required."] },
    ],
    [
      "blank",
      { idempotencyId: " ", recipient: anEmail({ subject: "", body: "\n" }) },
      {
        IdempotencyId: ["The IdempotencyId field is required."],
        "Recipient.RecipientEmail.Settings.Subject": ["The Subject field is required."],
        "Recipient.RecipientEmail.Settings.Body": ["The Body field is required."],
      },
    ],
    [
      "blank, so that no rule is asked",
      aFutureOrder({ idempotencyId: "", conditionEndpoint: "nowhere" }),
      { IdempotencyId: ["The IdempotencyId field is required."] },
    ],
  ])("%s", (_name, body, errors) => {
    expect(errorsOf(body)).toEqual(errors);
  });

  test.each(["{", '{"idempotencyId":"a",}', "// nothing\n{}"])("%j is no JSON", (body) => {
    const bound = read(body);

    expect(bound).toMatchObject({
      kind: "refused",
      errors: { $: [expect.any(String)], notificationOrderRequest: whole },
    });
  });

  test("an empty body is told as such", () => {
    expect(read("")).toEqual({
      kind: "refused",
      errors: { "": ["A non-empty request body is required."], notificationOrderRequest: whole },
    });
  });
});

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
