/** Rules of the instant orders, and what is ordered. */
import { toEmailAddress } from "../../../kernel/email-address.ts";
import { toPhoneNumber } from "../../../kernel/phone-number.ts";
import type { OrderWish } from "../../domain/order-wish.ts";
import { checkStatusCallback, type RuleContext } from "./base-rules.ts";
import { createFindings, type Findings, within } from "./findings.ts";
import { checkReference } from "./future-order-rules.ts";
import type {
  InstantEmailRequest,
  InstantOrderRequest,
  InstantSms,
  InstantSmsRequest,
} from "./instant-order-schema.ts";
import { limits } from "./limits.ts";
import { nameOf } from "./model.ts";
import { present } from "./present.ts";
import { checkContentType, checkEmailTexts, checkLength } from "./text-rules.ts";
import { oneLine, senderAddressOf, textOf, valid } from "./to-future-order.ts";

const SHORTEST_LIFE_IN_SECONDS = 60;
const LONGEST_LIFE_IN_SECONDS = 48 * 60 * 60;

type Base = Pick<InstantSmsRequest, "idempotencyId" | "sendersReference" | "statusCallback">;

function checkBase(findings: Findings, request: Base, context: RuleContext): void {
  checkLength(findings, "IdempotencyId", request.idempotencyId, limits.idempotencyIdLength);
  checkReference(findings, "", request.sendersReference);
  checkStatusCallback(findings, "", request.statusCallback, context);
}

function checkSms(findings: Findings, key: string, sms: InstantSms): void {
  const { timeToLiveInSeconds: life } = sms;
  if (toPhoneNumber(sms.phoneNumber) === undefined) {
    findings.add(
      within(key, "PhoneNumber"),
      "Recipient phone number is not a valid mobile number.",
    );
  }
  if (life < SHORTEST_LIFE_IN_SECONDS || life > LONGEST_LIFE_IN_SECONDS) {
    findings.add(
      within(key, "TimeToLiveInSeconds"),
      "Time-to-live must be between 60 and 172800 seconds (48 hours).",
    );
  }
  const bodyKey = within(key, "ShortMessageContent.Body");
  checkLength(findings, bodyKey, sms.smsSettings.body, limits.smsBodyLength);
}

export function checkInstantOrder(request: InstantOrderRequest, context: RuleContext): Findings {
  const findings = createFindings();
  checkBase(findings, request, context);
  const key = "InstantNotificationRecipient.ShortMessageDeliveryDetails";
  checkSms(findings, key, request.recipient.recipientSms);
  return findings;
}

export function checkInstantSms(request: InstantSmsRequest, context: RuleContext): Findings {
  const findings = createFindings();
  checkBase(findings, request, context);
  checkSms(findings, "RecipientSms", request.recipientSms);
  return findings;
}

export function checkInstantEmail(request: InstantEmailRequest, context: RuleContext): Findings {
  const findings = createFindings();
  const { emailAddress, emailSettings } = request.recipientEmail;
  const { senderEmailAddress: sender } = emailSettings;
  checkBase(findings, request, context);
  if (toEmailAddress(emailAddress) === undefined) {
    findings.add("InstantEmailDetails.EmailAddress", "Invalid email address format.");
  }
  const key = "InstantEmailDetails.EmailSettings";
  if (sender !== undefined && toEmailAddress(sender) === undefined) {
    findings.add(within(key, "SenderEmailAddress"), "Invalid email address format.");
  }
  checkContentType(findings, key, emailSettings.contentType);
  checkEmailTexts(findings, key, emailSettings);
  return findings;
}

const toBase = (request: Base, now: number) => ({
  type: "Instant" as const,
  requestedSendAt: now,
  ...present({
    sendersReference: textOf(request.sendersReference),
    statusCallback: request.statusCallback,
  }),
});

/** At any hour, and of no use when its time to live is over. */
export const toInstantSms = (request: Base, sms: InstantSms, now: number): OrderWish => ({
  ...toBase(request, now),
  channelScheme: "Sms",
  recipients: [{ mobileNumber: valid(toPhoneNumber(sms.phoneNumber)) }],
  timeToLiveInSeconds: sms.timeToLiveInSeconds,
  sms: {
    sender: sms.smsSettings.sender?.trim() ?? "",
    body: sms.smsSettings.body,
    policy: "Anytime",
  },
});

export function toInstantEmail(request: InstantEmailRequest, now: number): OrderWish {
  const { emailAddress, emailSettings } = request.recipientEmail;
  return {
    ...toBase(request, now),
    channelScheme: "Email",
    recipients: [{ emailAddress: valid(toEmailAddress(emailAddress)) }],
    email: {
      senderAddress: senderAddressOf(emailSettings.senderEmailAddress),
      subject: oneLine(emailSettings.subject),
      body: emailSettings.body,
      contentType: nameOf(emailSettings.contentType),
    },
  };
}
