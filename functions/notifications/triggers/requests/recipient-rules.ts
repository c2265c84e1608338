/** Rules about who a message of `/future/orders` is for. */
import { toEmailAddress } from "../../../kernel/email-address.ts";
import { toPhoneNumber } from "../../../kernel/phone-number.ts";
import { isExternalIdentity } from "../../domain/external-identity.ts";
import { type Findings, within } from "./findings.ts";
import type { LookedUpRequest, RecipientRequest } from "./future-order-schema.ts";
import { isNamed } from "./model.ts";
import { checkEmailSettings, checkSmsSettings } from "./text-rules.ts";

const needs: Readonly<Record<string, { email?: string; sms?: string }>> = {
  Email: { email: "Email" },
  Sms: { sms: "Sms" },
  EmailPreferred: {
    email: "SmsPreferred or EmailPreferred",
    sms: "SmsPreferred or EmailPreferred",
  },
  SmsPreferred: { email: "SmsPreferred or EmailPreferred", sms: "SmsPreferred or EmailPreferred" },
  EmailAndSms: { email: "EmailAndSms", sms: "EmailAndSms" },
};

/** With or without the prefix: the more lenient of the reference's two rules (NO-D25). */
const resourceIdPattern = /^(?:urn:altinn:resource:.*\S.*|[^\s:]+)$/;

export function checkResource(
  findings: Findings,
  key: string,
  resourceId: string | undefined,
  resourceAction: string | undefined,
): void {
  const actionKey = within(key, "ResourceAction");
  if (!resourceAction) return;
  if (!resourceId?.trim()) {
    findings.add(actionKey, "ResourceAction cannot be specified without a ResourceId.");
  } else if (resourceAction.trim() === "") {
    findings.add(actionKey, "ResourceAction cannot be blank or whitespace.");
  }
}

function checkSettings(findings: Findings, key: string, recipient: LookedUpRequest): void {
  const { channelSchema, emailSettings, smsSettings } = recipient;
  if (!isNamed(channelSchema)) {
    findings.add(within(key, "ChannelSchema"), "Invalid channel scheme value.");
  }
  const { email, sms } = needs[channelSchema] ?? {};
  const emailKey = within(key, "EmailSettings");
  const smsKey = within(key, "SmsSettings");
  if (email !== undefined && !emailSettings) {
    findings.add(emailKey, `EmailSettings must be set when ChannelSchema is ${email}`);
  }
  if (sms !== undefined && !smsSettings) {
    findings.add(smsKey, `SmsSettings must be set when ChannelSchema is ${sms}`);
  }
  checkEmailSettings(findings, emailKey, emailSettings);
  checkSmsSettings(findings, smsKey, smsSettings);
}

function checkLookedUp(findings: Findings, key: string, recipient: LookedUpRequest): void {
  const { resourceId, resourceAction } = recipient;
  checkSettings(findings, key, recipient);
  if (resourceId && !resourceIdPattern.test(resourceId)) {
    findings.add(within(key, "ResourceId"), "ResourceId must have a valid syntax.");
  }
  checkResource(findings, key, resourceId, resourceAction);
}

type Of<Kind extends keyof RecipientRequest> = NonNullable<RecipientRequest[Kind]>;

function checkByEmail(findings: Findings, key: string, recipient: Of<"recipientEmail">): void {
  if (toEmailAddress(recipient.emailAddress) === undefined) {
    findings.add(within(key, "EmailAddress"), "Invalid email address format.");
  }
  checkEmailSettings(findings, within(key, "Settings"), recipient.emailSettings);
}

function checkBySms(findings: Findings, key: string, recipient: Of<"recipientSms">): void {
  if (toPhoneNumber(recipient.phoneNumber) === undefined) {
    const text = "Recipient phone number is not a valid mobile number.";
    findings.add(within(key, "PhoneNumber"), text);
  }
  checkSmsSettings(findings, within(key, "Settings"), recipient.smsSettings);
}

function checkPerson(findings: Findings, key: string, recipient: Of<"recipientPerson">): void {
  if (!/^\d{11}$/.test(recipient.nationalIdentityNumber)) {
    const text = "National identity number must be 11 digits long.";
    findings.add(within(key, "NationalIdentityNumber"), text);
  }
  checkLookedUp(findings, key, recipient);
}

function checkOrganization(
  findings: Findings,
  key: string,
  recipient: Of<"recipientOrganization">,
): void {
  if (!/^\d{9}$/.test(recipient.orgNumber)) {
    findings.add(within(key, "OrgNumber"), "Organization number must be 9 digits long.");
  }
  checkLookedUp(findings, key, recipient);
}

function checkExternal(
  findings: Findings,
  key: string,
  recipient: Of<"recipientExternalIdentity">,
): void {
  if (!isExternalIdentity(recipient.externalIdentity)) {
    findings.add(within(key, "ExternalIdentity"), "Invalid external identity URN format.");
  }
  checkLookedUp(findings, key, recipient);
}

export function checkRecipient(findings: Findings, key: string, request: RecipientRequest): void {
  const { recipientEmail: email, recipientSms: sms, recipientPerson: person } = request;
  const { recipientOrganization: organization, recipientExternalIdentity: external } = request;
  const given = [email, sms, person, organization, external].filter((it) => it !== undefined);
  if (given.length !== 1) findings.add(key, "Must have exactly one recipient.");
  if (email) checkByEmail(findings, within(key, "RecipientEmail"), email);
  if (sms) checkBySms(findings, within(key, "RecipientSms"), sms);
  if (person) checkPerson(findings, within(key, "RecipientPerson"), person);
  if (organization) checkOrganization(findings, within(key, "RecipientOrganization"), organization);
  if (external) checkExternal(findings, within(key, "RecipientExternalIdentity"), external);
}
