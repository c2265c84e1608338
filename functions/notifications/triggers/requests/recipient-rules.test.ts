import { describe, expect, test } from "vitest";
import {
  aFutureOrder,
  anEmail,
  anExternalIdentity,
  anOrganization,
  anSms,
  aPerson,
} from "../../../../test/support/notification-builders.ts";
import { errorsOf } from "../../../../test/support/request-checking.ts";

const SMS_BODY = { body: "There is a letter for you." };
const NO_EMAIL = { emailSettings: undefined };
const NO_SMS = { smsSettings: undefined };

describe("rules of recipients", () => {
  test.each<[name: string, body: object, key: string, message: string]>([
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
      "a long SMS (NO-D38)",
      aFutureOrder({ recipient: anSms({ body: "b".repeat(10_001) }) }),
      "Recipient.RecipientSms.Settings.Body",
      "Must have at most 10000 characters.",
    ],
  ])("%s is refused", (_name, body, key, message) => {
    expect(errorsOf(body)).toEqual({ [key]: [message] });
  });
});
