import { describe, expect, test } from "vitest";
import {
  anInstantEmail,
  anInstantRecipient,
  NOW,
} from "../../../../test/support/notification-builders.ts";
import { errorsFor, requestOf } from "../../../../test/support/request-checking.ts";
import {
  checkInstantEmail,
  checkInstantOrder,
  checkInstantSms,
  toInstantEmail,
  toInstantSms,
} from "./instant-order-rules.ts";
import {
  instantEmailSchema,
  instantOrderSchema,
  instantSmsSchema,
} from "./instant-order-schema.ts";

const old = { schema: instantOrderSchema, check: checkInstantOrder };
const sms = { schema: instantSmsSchema, check: checkInstantSms };
const email = { schema: instantEmailSchema, check: checkInstantEmail };

const id = { idempotencyId: "1" };
const errorsOfSms = (overrides: object): object =>
  errorsFor(sms, { ...id, recipientSms: anInstantRecipient({ ...overrides }) });
const errorsOfEmail = (recipientEmail: object): object =>
  errorsFor(email, { ...id, recipientEmail });

describe("an instant SMS", () => {
  const LIFE = "Time-to-live must be between 60 and 172800 seconds (48 hours).";

  test.each<[overrides: object, errors: object]>([
    [
      { phoneNumber: "99999999" },
      { "RecipientSms.PhoneNumber": ["Recipient phone number is not a valid mobile number."] },
    ],
    [{ timeToLiveInSeconds: 59 }, { "RecipientSms.TimeToLiveInSeconds": [LIFE] }],
    [{ timeToLiveInSeconds: 172_801 }, { "RecipientSms.TimeToLiveInSeconds": [LIFE] }],
    [
      { smsSettings: { body: " " } },
      { "RecipientSms.ShortMessageContent.Body": ["The Body field is required."] },
    ],
    [{ timeToLiveInSeconds: 60 }, {}],
    [{ timeToLiveInSeconds: 172_800 }, {}],
  ])("%j", (overrides, errors) => {
    expect(errorsOfSms(overrides)).toEqual(errors);
  });

  test("in the older spelling", () => {
    const body = { ...id, recipient: { recipientSms: anInstantRecipient({ phoneNumber: "1" }) } };

    expect(errorsFor(old, body)).toEqual({
      "InstantNotificationRecipient.ShortMessageDeliveryDetails.PhoneNumber": [
        "Recipient phone number is not a valid mobile number.",
      ],
    });
  });

  test("needs an idempotency id", () => {
    expect(errorsFor(sms, { idempotencyId: "", recipientSms: anInstantRecipient() })).toEqual({
      IdempotencyId: ["The IdempotencyId field is required."],
    });
  });

  test("goes at any hour, to a number in its normal form, while its time to live lasts", () => {
    const body = { ...id, recipientSms: anInstantRecipient({ phoneNumber: "0047 99 99 99 99" }) };
    const request = requestOf(sms, body);

    expect(toInstantSms(request, request.recipientSms, NOW)).toMatchObject({
      type: "Instant",
      requestedSendAt: NOW,
      timeToLiveInSeconds: 60,
      recipients: [{ mobileNumber: "+4799999999" }],
      sms: { policy: "Anytime" },
    });
  });
});

describe("an instant e-mail", () => {
  const key = "InstantEmailDetails";
  const INVALID = "Invalid email address format.";

  test.each<[recipient: object, errors: object]>([
    [{ ...anInstantEmail(), emailAddress: "x" }, { [`${key}.EmailAddress`]: [INVALID] }],
    [
      anInstantEmail({ senderEmailAddress: "" }),
      { [`${key}.EmailSettings.SenderEmailAddress`]: [INVALID] },
    ],
    [
      anInstantEmail({ contentType: 5 }),
      {
        [`${key}.EmailSettings.ContentType`]: ["Email content type must be either Plain or HTML."],
      },
    ],
    [
      anInstantEmail({ subject: "" }),
      { [`${key}.EmailSettings.Subject`]: ["The Subject field is required."] },
    ],
    [anInstantEmail({ senderEmailAddress: null }), {}],
  ])("%j", (recipient, errors) => {
    expect(errorsOfEmail(recipient)).toEqual(errors);
  });

  test("has a subject of one line", () => {
    const recipientEmail = anInstantEmail({ subject: "a\r\nBcc: b@example.com" });
    const request = requestOf(email, { ...id, recipientEmail });

    expect(toInstantEmail(request, NOW).email?.subject).toBe("a Bcc: b@example.com");
  });
});
