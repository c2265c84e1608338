import { describe, expect, test } from "vitest";
import {
  aLegacyEmailOrder,
  aLegacyOrder,
  aLegacySmsOrder,
  type Members,
  NOW,
} from "../../../../test/support/notification-builders.ts";
import { errorsFor, iso, MINUTE } from "../../../../test/support/request-checking.ts";
import {
  checkLegacyEmailOrder,
  checkLegacyOrder,
  checkLegacySmsOrder,
} from "./legacy-order-rules.ts";
import {
  legacyEmailOrderSchema,
  legacyOrderSchema,
  legacySmsOrderSchema,
} from "./legacy-order-schema.ts";

const any = { schema: legacyOrderSchema, check: checkLegacyOrder };
const email = { schema: legacyEmailOrderSchema, check: checkLegacyEmailOrder };
const sms = { schema: legacySmsOrderSchema, check: checkLegacySmsOrder };

const NIN = "01017012345";
const ORG = "312508729";
const TO_EMAIL = { emailAddress: "somebody@example.com" };

describe("rules of all three", () => {
  test.each<[name: string, members: Members, key: string, message: string]>([
    [
      "a time without zone",
      { requestedSendTime: "2026-02-01T12:00:00" },
      "RequestedSendTime",
      "The requested send time value must have specified a time zone.",
    ],
    [
      "a time long past",
      { requestedSendTime: iso(NOW - 6 * MINUTE) },
      "RequestedSendTime",
      "Send time must be in the future. Leave blank to send immediately.",
    ],
    ...["http://localhost/a", "https://cluster/a", "urn:a:b", "ftp://example.com/a", "a"].map(
      (conditionEndpoint): [string, Members, string, string] => [
        `the condition ${conditionEndpoint} (NO-D36)`,
        { conditionEndpoint },
        "ConditionEndpoint",
        "The condition endpoint must be a valid URL.",
      ],
    ),
    [
      "an action without resource",
      { resourceAction: "read" },
      "ResourceAction",
      "ResourceAction cannot be specified without a ResourceId.",
    ],
    [
      "a blank action",
      { resourceId: "a", resourceAction: "  " },
      "ResourceAction",
      "ResourceAction cannot be blank or whitespace.",
    ],
    ["nobody", { recipients: [] }, "Recipients", "One or more recipient is required."],
    [
      "very many (NO-D38)",
      { recipients: Array.from({ length: 2001 }, () => ({ nationalIdentityNumber: NIN })) },
      "Recipients",
      "Must have at most 2000 recipients.",
    ],
    [
      "a short national identity number",
      { recipients: [{ nationalIdentityNumber: "123" }] },
      "Recipients[0].NationalIdentityNumber",
      "National identity number must be 11 digits long.",
    ],
    [
      "a short organization number",
      { recipients: [{ organizationNumber: "12345678x" }] },
      "Recipients[0].OrganizationNumber",
      "Organization number must be 9 digits long.",
    ],
    [
      "a person with an address",
      { recipients: [{ nationalIdentityNumber: NIN, emailAddress: "a@example.com" }] },
      "Recipients[0]",
      "National identity number cannot be combined with email address, mobile number, or organization number.",
    ],
    [
      "a business with a number",
      { recipients: [{ organizationNumber: ORG, mobileNumber: "+4799999999" }] },
      "Recipients[0]",
      "Organization number cannot be combined with email address, mobile number, or national identity number.",
    ],
  ])("%s is refused", (_name, members, key, message) => {
    const expected = { [key]: [message] };

    expect(errorsFor(any, aLegacyOrder(members))).toEqual(expected);
    expect(errorsFor(email, aLegacyEmailOrder(members))).toEqual(expected);
    expect(errorsFor(sms, aLegacySmsOrder(members))).toEqual(expected);
  });

  test("a person cannot be a business", () => {
    const both = { nationalIdentityNumber: NIN, organizationNumber: ORG };

    expect(errorsFor(sms, aLegacySmsOrder({ recipients: [both] }))["Recipients[0]"]).toEqual([
      "National identity number cannot be combined with email address, mobile number, or organization number.",
      "Organization number cannot be combined with email address, mobile number, or national identity number.",
    ]);
  });

  test.each([iso(NOW - 4 * MINUTE), "2026-02-01T12:00:00+02:00"])("%s is fine", (time) => {
    expect(errorsFor(email, aLegacyEmailOrder({ requestedSendTime: time }))).toEqual({});
  });
});

describe("who is told on which channel", () => {
  const byEmail =
    "Either a valid email address, organization number, or national identity number must be provided for each recipient.";
  const bySms =
    "Either a valid mobile number starting with country code, organization number, or national identity number must be provided for each recipient.";
  const byAny =
    "Either a valid email address, mobile number starting with country code, organization number, or national identity number must be provided for each recipient.";
  const noEmail = "Invalid email address format.";
  const noNumber =
    "Mobile number can contain only '+' and numeric characters, and it must adhere to the E.164 standard.";

  test.each<[channel: string, recipient: object, errors: object]>([
    ["Email", { mobileNumber: "+4799999999" }, { "Recipients[0]": [byEmail] }],
    ["Email", { emailAddress: "" }, { "Recipients[0]": [byEmail] }],
    ["Email", { emailAddress: "a@b" }, { "Recipients[0].EmailAddress": [noEmail] }],
    ["Sms", TO_EMAIL, { "Recipients[0]": [bySms] }],
    ["Sms", { mobileNumber: "99999999" }, { "Recipients[0].MobileNumber": [noNumber] }],
    ["EmailPreferred", {}, { "Recipients[0]": [byAny] }],
    ["SmsPreferred", { emailAddress: "a@b" }, { "Recipients[0].EmailAddress": [noEmail] }],
    ["SmsPreferred", { mobileNumber: "1" }, { "Recipients[0].MobileNumber": [noNumber] }],
  ])("%s: %j", (notificationChannel, recipient, errors) => {
    const body = aLegacyOrder({ notificationChannel, recipients: [recipient] });

    expect(errorsFor(any, body)).toEqual(errors);
  });

  test.each<[recipient: object, errors: object]>([
    [{}, { "Recipients[0]": [byAny] }],
    [{ emailAddress: "a@b" }, { "Recipients[0].EmailAddress": [noEmail] }],
    [
      { nationalIdentityNumber: "1" },
      {
        "Recipients[0].NationalIdentityNumber": [
          "National identity number must be 11 digits long.",
        ],
      },
    ],
  ])("NO-D15: both channels, %j", (recipient, errors) => {
    const body = aLegacyOrder({ notificationChannel: "EmailAndSms", recipients: [recipient] });

    expect(errorsFor(any, body)).toEqual(errors);
  });

  test("every recipient is looked at", () => {
    const recipients = [TO_EMAIL, { emailAddress: "x" }, { emailAddress: "y" }];
    const errors = errorsFor(email, aLegacyEmailOrder({ recipients }));

    expect(Object.keys(errors)).toEqual([
      "Recipients[1].EmailAddress",
      "Recipients[2].EmailAddress",
    ]);
  });
});

describe("texts", () => {
  const NO_EMAIL = "An email template is required for the selected notification channel.";
  const NO_SMS = "An SMS template is required for the selected the notification channel.";
  const without = (...names: string[]): object =>
    Object.fromEntries(names.map((name) => [name, undefined]));

  test.each<[channel: string | number, missing: object, errors: object]>([
    ["Email", without("emailTemplate"), { EmailTemplate: [NO_EMAIL] }],
    ["Email", without("smsTemplate"), {}],
    ["Sms", without("emailTemplate"), {}],
    ["EmailPreferred", without("smsTemplate"), { SmsTemplate: [NO_SMS] }],
    ["SmsPreferred", without("emailTemplate"), { EmailTemplate: [NO_EMAIL] }],
    [
      "EmailAndSms",
      without("emailTemplate", "smsTemplate"),
      { EmailTemplate: [NO_EMAIL], SmsTemplate: [NO_SMS] },
    ],
    [2, {}, {}],
    [9, {}, { NotificationChannel: ["A notification channel must be defined."] }],
  ])("channel %s needs its own (NO-D14, NO-D15)", (notificationChannel, missing, errors) => {
    const recipients = [{ nationalIdentityNumber: NIN }];

    expect(errorsFor(any, aLegacyOrder({ notificationChannel, recipients, ...missing }))).toEqual(
      errors,
    );
  });

  test("a channel must be named", () => {
    expect(errorsFor(any, aLegacyOrder({ notificationChannel: undefined }))).toEqual({
      NotificationChannel: ["A notification channel must be defined."],
    });
  });

  test("what is blank is told", () => {
    const blank = { emailTemplate: { subject: " " }, smsTemplate: { body: "" } };

    expect(errorsFor(any, aLegacyOrder(blank))).toEqual({
      "EmailTemplate.Body": ["The email template body must not be empty."],
      "EmailTemplate.Subject": ["The email template subject must not be empty."],
      "SmsTemplate.Body": ["The SMS template body must not be empty."],
    });
  });

  test("members that must be there are asked for first, by the check of members", () => {
    expect(errorsFor(email, { conditionEndpoint: "nowhere" })).toEqual({
      Recipients: ["The Recipients field is required."],
      Subject: ["The Subject field is required."],
      Body: ["The Body field is required."],
    });
    expect(errorsFor(sms, aLegacySmsOrder({ body: " " }))).toEqual({
      Body: ["The Body field is required."],
    });
  });
});
