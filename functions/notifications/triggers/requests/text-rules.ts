/** Rules about what a message says. */
import { toEmailAddress } from "../../../kernel/email-address.ts";
import { type Findings, within } from "./findings.ts";
import type { EmailSettings, SmsSettings } from "./future-order-schema.ts";
import { limits } from "./limits.ts";
import { isNamed } from "./model.ts";

/** Our own limits, in the words of the reference's. */
export function checkLength(
  findings: Findings,
  key: string,
  text: string | undefined,
  maxLength: number,
): void {
  if (text !== undefined && text.length > maxLength) {
    findings.add(key, `Must have at most ${maxLength} characters.`);
  }
}

export function checkEmailTexts(
  findings: Findings,
  key: string,
  { subject, body }: { readonly subject: string; readonly body: string },
): void {
  checkLength(findings, within(key, "Subject"), subject, limits.subjectLength);
  checkLength(findings, within(key, "Body"), body, limits.emailBodyLength);
}

export function checkContentType(findings: Findings, key: string, type: string | number): void {
  if (isNamed(type)) return;
  findings.add(within(key, "ContentType"), "Email content type must be either Plain or HTML.");
}

export function checkEmailSettings(
  findings: Findings,
  key: string,
  settings: EmailSettings | undefined,
): void {
  if (!settings) return;
  const { senderEmailAddress: sender } = settings;
  if (sender !== undefined && sender !== "" && toEmailAddress(sender) === undefined) {
    findings.add(within(key, "SenderEmailAddress"), "The sender email address is not valid.");
  }
  if (settings.sendingTimePolicy !== "Anytime") {
    findings.add(within(key, "SendingTimePolicy"), "Email only supports send time anytime");
  }
  checkContentType(findings, key, settings.contentType);
  checkEmailTexts(findings, key, settings);
}

export function checkSmsSettings(
  findings: Findings,
  key: string,
  settings: SmsSettings | undefined,
): void {
  if (!settings) return;
  if (!isNamed(settings.sendingTimePolicy)) {
    findings.add(
      within(key, "SendingTimePolicy"),
      "SMS only supports send time daytime and anytime",
    );
  }
  checkLength(findings, within(key, "Body"), settings.body, limits.smsBodyLength);
}
