/** Rules about the recipients of the first order API. */
import { toEmailAddress } from "../../../kernel/email-address.ts";
import { toPhoneNumber } from "../../../kernel/phone-number.ts";
import type { ChannelScheme } from "../../domain/order.ts";
import { type Findings, within } from "./findings.ts";
import type { LegacyRecipient } from "./legacy-order-schema.ts";
import { limits } from "./limits.ts";

interface Needs {
  readonly takesEmail: boolean;
  readonly takesSms: boolean;
  readonly text: string;
}

const any: Needs = {
  takesEmail: true,
  takesSms: true,
  text: "Either a valid email address, mobile number starting with country code, organization number, or national identity number must be provided for each recipient.",
};

/** The reference does not check recipients of both channels at all (NO-D15). */
const needs: Readonly<Record<ChannelScheme, Needs>> = {
  Email: {
    takesEmail: true,
    takesSms: false,
    text: "Either a valid email address, organization number, or national identity number must be provided for each recipient.",
  },
  Sms: {
    takesEmail: false,
    takesSms: true,
    text: "Either a valid mobile number starting with country code, organization number, or national identity number must be provided for each recipient.",
  },
  EmailPreferred: any,
  SmsPreferred: any,
  EmailAndSms: any,
};

function checkAddresses(
  findings: Findings,
  key: string,
  { emailAddress, mobileNumber }: LegacyRecipient,
  { takesEmail, takesSms }: Needs,
): void {
  if (takesEmail && emailAddress && toEmailAddress(emailAddress) === undefined) {
    findings.add(within(key, "EmailAddress"), "Invalid email address format.");
  }
  if (takesSms && mobileNumber && toPhoneNumber(mobileNumber) === undefined) {
    findings.add(
      within(key, "MobileNumber"),
      "Mobile number can contain only '+' and numeric characters, and it must adhere to the E.164 standard.",
    );
  }
}

function checkIds(findings: Findings, key: string, recipient: LegacyRecipient): void {
  const { nationalIdentityNumber: nin, organizationNumber: org } = recipient;
  if (nin && !/^\d{11}$/.test(nin)) {
    const text = "National identity number must be 11 digits long.";
    findings.add(within(key, "NationalIdentityNumber"), text);
  }
  if (org && !/^\d{9}$/.test(org)) {
    const text = "Organization number must be 9 digits long.";
    findings.add(within(key, "OrganizationNumber"), text);
  }
}

function checkCombination(findings: Findings, key: string, recipient: LegacyRecipient): void {
  const { nationalIdentityNumber: nin, organizationNumber: org } = recipient;
  const isAddressed = [recipient.emailAddress, recipient.mobileNumber].some(Boolean);
  if (nin && (isAddressed || org)) {
    findings.add(
      key,
      "National identity number cannot be combined with email address, mobile number, or organization number.",
    );
  }
  if (org && (isAddressed || nin)) {
    findings.add(
      key,
      "Organization number cannot be combined with email address, mobile number, or national identity number.",
    );
  }
}

const isReachable = (recipient: LegacyRecipient, { takesEmail, takesSms }: Needs): boolean => {
  const { emailAddress, mobileNumber, organizationNumber, nationalIdentityNumber } = recipient;
  return [
    takesEmail && emailAddress,
    takesSms && mobileNumber,
    organizationNumber,
    nationalIdentityNumber,
  ].some(Boolean);
};

export function checkLegacyRecipients(
  findings: Findings,
  recipients: readonly LegacyRecipient[],
  scheme: ChannelScheme,
): void {
  if (recipients.length === 0) findings.add("Recipients", "One or more recipient is required.");
  if (recipients.length > limits.recipientCount) {
    findings.add("Recipients", `Must have at most ${limits.recipientCount} recipients.`);
  }
  for (const [index, recipient] of recipients.entries()) {
    const key = `Recipients[${index}]`;
    if (!isReachable(recipient, needs[scheme])) findings.add(key, needs[scheme].text);
    checkAddresses(findings, key, recipient, needs[scheme]);
    checkIds(findings, key, recipient);
    checkCombination(findings, key, recipient);
  }
}
