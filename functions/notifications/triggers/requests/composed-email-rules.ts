/** Rules of `POST /future/orders/composed-email`, and what is ordered. */
import { toEmailAddress } from "../../../kernel/email-address.ts";
import type { OrderWish } from "../../domain/order-wish.ts";
import { checkAttachment } from "./attachment-rules.ts";
import {
  checkCondition,
  checkSendTime,
  checkStatusCallback,
  instantOf,
  type RuleContext,
} from "./base-rules.ts";
import type { ComposedEmailRequest } from "./composed-email-schema.ts";
import { createFindings, type Findings } from "./findings.ts";
import { checkReference, sendTimeTexts } from "./future-order-rules.ts";
import { limits } from "./limits.ts";
import { present } from "./present.ts";
import { checkEmailSettings, checkLength } from "./text-rules.ts";
import { textOf, toCondition, toDialog, toEmailTemplate, valid } from "./to-future-order.ts";

export function checkComposedEmail(request: ComposedEmailRequest, context: RuleContext): Findings {
  const findings = createFindings();
  const { emailAddress, emailSettings } = request.recipient;
  const { attachments = [] } = emailSettings;
  checkLength(findings, "IdempotencyId", request.idempotencyId, limits.idempotencyIdLength);
  checkSendTime(findings, "RequestedSendTime", request.requestedSendTime, sendTimeTexts, context);
  checkCondition(findings, "", request, context);
  checkStatusCallback(findings, "", request.statusCallback, context);
  checkReference(findings, "", request.sendersReference);
  if (toEmailAddress(emailAddress) === undefined) {
    findings.add("Recipient.EmailAddress", "Invalid email address format.");
  }
  checkEmailSettings(findings, "Recipient.Settings", emailSettings);
  if (attachments.length > limits.attachmentCount) {
    const text = `Must have at most ${limits.attachmentCount} attachments.`;
    findings.add("Recipient.Settings.Attachments", text);
  }
  const sendAt = Math.max(context.now, instantOf(request.requestedSendTime) ?? context.now);
  for (const [index, attachment] of attachments.entries()) {
    const key = `Recipient.Settings.Attachments[${index}]`;
    checkAttachment(findings, key, attachment, sendAt, context);
  }
  return findings;
}

/** @param now when the request came: what names no time is sent at once */
export function toComposedEmail(request: ComposedEmailRequest, now: number): OrderWish {
  const { emailAddress, emailSettings } = request.recipient;
  const attachments = (emailSettings.attachments ?? []).filter((it) => it !== null);
  return {
    type: "Composed",
    channelScheme: "Email",
    requestedSendAt: instantOf(request.requestedSendTime) ?? now,
    recipients: [{ emailAddress: valid(toEmailAddress(emailAddress)) }],
    email: { ...toEmailTemplate(emailSettings), ...(attachments.length > 0 && { attachments }) },
    ...present({
      sendersReference: textOf(request.sendersReference),
      condition: toCondition(request),
      statusCallback: request.statusCallback,
      dialog: toDialog(request.dialogportenAssociation),
    }),
  };
}
