/** Rules of the first order API. */
import { checkCondition, checkSendTime, type RuleContext } from "./base-rules.ts";
import { createFindings, type Findings } from "./findings.ts";
import { checkReference } from "./future-order-rules.ts";
import type {
  LegacyBase,
  LegacyEmailOrderRequest,
  LegacyOrderRequest,
  LegacySmsOrderRequest,
} from "./legacy-order-schema.ts";
import { checkLegacyRecipients } from "./legacy-recipient-rules.ts";
import { limits } from "./limits.ts";
import { isNamed } from "./model.ts";
import { checkResource } from "./recipient-rules.ts";
import { checkContentType, checkEmailTexts, checkLength } from "./text-rules.ts";

const sendTimeTexts = {
  withoutZone: "The requested send time value must have specified a time zone.",
  past: "Send time must be in the future. Leave blank to send immediately.",
};

function checkBase(findings: Findings, request: LegacyBase, context: RuleContext): void {
  const { requestedSendTime, resourceId, resourceAction, sendersReference } = request;
  checkSendTime(findings, "RequestedSendTime", requestedSendTime, sendTimeTexts, context);
  checkCondition(findings, "", request, context, "The condition endpoint must be a valid URL.");
  checkResource(findings, "", resourceId, resourceAction);
  checkReference(findings, "", sendersReference);
}

function checkEmailTemplate(findings: Findings, request: LegacyOrderRequest): void {
  const { notificationChannel: channel, emailTemplate } = request;
  if (!emailTemplate) {
    if (channel !== "Sms") {
      const text = "An email template is required for the selected notification channel.";
      findings.add("EmailTemplate", text);
    }
    return;
  }
  if (emailTemplate.body.trim() === "") {
    findings.add("EmailTemplate.Body", "The email template body must not be empty.");
  }
  if (emailTemplate.subject.trim() === "") {
    findings.add("EmailTemplate.Subject", "The email template subject must not be empty.");
  }
  checkContentType(findings, "EmailTemplate", emailTemplate.contentType);
  checkEmailTexts(findings, "EmailTemplate", emailTemplate);
}

function checkSmsTemplate(findings: Findings, request: LegacyOrderRequest): void {
  const { notificationChannel: channel, smsTemplate } = request;
  if (!smsTemplate) {
    if (channel !== "Email") {
      const text = "An SMS template is required for the selected the notification channel.";
      findings.add("SmsTemplate", text);
    }
    return;
  }
  if (smsTemplate.body.trim() === "") {
    findings.add("SmsTemplate.Body", "The SMS template body must not be empty.");
  }
  checkLength(findings, "SmsTemplate.Body", smsTemplate.body, limits.smsBodyLength);
}

export function checkLegacyOrder(request: LegacyOrderRequest, context: RuleContext): Findings {
  const findings = createFindings();
  const { notificationChannel: channel, recipients } = request;
  checkBase(findings, request, context);
  if (channel === undefined || !isNamed(channel)) {
    findings.add("NotificationChannel", "A notification channel must be defined.");
    return findings;
  }
  checkEmailTemplate(findings, request);
  checkSmsTemplate(findings, request);
  checkLegacyRecipients(findings, recipients, channel);
  return findings;
}

export function checkLegacyEmailOrder(
  request: LegacyEmailOrderRequest,
  context: RuleContext,
): Findings {
  const findings = createFindings();
  checkBase(findings, request, context);
  checkContentType(findings, "", request.contentType ?? "Plain");
  checkEmailTexts(findings, "", request);
  checkLegacyRecipients(findings, request.recipients, "Email");
  return findings;
}

export function checkLegacySmsOrder(
  request: LegacySmsOrderRequest,
  context: RuleContext,
): Findings {
  const findings = createFindings();
  checkBase(findings, request, context);
  checkLength(findings, "Body", request.body, limits.smsBodyLength);
  checkLegacyRecipients(findings, request.recipients, "Sms");
  return findings;
}
