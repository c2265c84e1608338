/** Rules of `POST /future/orders`. */
import {
  checkCondition,
  checkSendTime,
  checkStatusCallback,
  instantOf,
  type RuleContext,
} from "./base-rules.ts";
import { createFindings, type Findings, within } from "./findings.ts";
import type { FutureOrderRequest, ReminderRequest } from "./future-order-schema.ts";
import { DAY_IN_MS, limits } from "./limits.ts";
import { checkRecipient } from "./recipient-rules.ts";
import { checkLength } from "./text-rules.ts";

export const sendTimeTexts = {
  withoutZone: "The requested send time value must have specified a time zone.",
  past: "RequestedSendTime must be greater than or equal to now.",
};

const reminderTimeTexts = {
  withoutZone: "The RequestedSendTime must have specified a time zone.",
  past: "RequestedSendTime must be greater than or equal to the current UTC time.",
};

function checkDelay(
  findings: Findings,
  key: string,
  { delayDays, requestedSendTime }: ReminderRequest,
  mainSendAt: number,
  { now }: RuleContext,
): void {
  const delayKey = within(key, "DelayDays");
  if ((delayDays === undefined) === (requestedSendTime === undefined)) {
    findings.add(key, "Either DelayDays or RequestedSendTime must be defined, but not both.");
  }
  if (delayDays === undefined) return;
  if (requestedSendTime !== undefined) {
    findings.add(
      within(key, "RequestedSendTime"),
      "RequestedSendTime must be null when DelayDays is set.",
    );
    findings.add(delayKey, "DelayDays must be null when RequestedSendTime is set.");
  }
  if (delayDays < 1) findings.add(delayKey, "DelayDays must be greater than or equal to 1 day.");
  if (mainSendAt + delayDays * DAY_IN_MS > now + limits.daysAhead * DAY_IN_MS) {
    findings.add(delayKey, `A reminder must be within ${limits.daysAhead} days from now.`);
  }
}

function checkReminder(
  findings: Findings,
  key: string,
  reminder: ReminderRequest,
  mainSendAt: number,
  context: RuleContext,
): void {
  const { requestedSendTime, recipient, sendersReference, statusCallback } = reminder;
  checkDelay(findings, key, reminder, mainSendAt, context);
  const sendTimeKey = within(key, "RequestedSendTime");
  checkSendTime(findings, sendTimeKey, requestedSendTime, reminderTimeTexts, context);
  checkCondition(findings, key, reminder, context);
  checkStatusCallback(findings, key, statusCallback, context);
  checkReference(findings, key, sendersReference);
  checkRecipient(findings, within(key, "Recipient"), recipient);
}

export function checkReference(
  findings: Findings,
  key: string,
  reference: string | undefined,
): void {
  const maxLength = limits.sendersReferenceLength;
  checkLength(findings, within(key, "SendersReference"), reference, maxLength);
}

export function checkFutureOrder(request: FutureOrderRequest, context: RuleContext): Findings {
  const findings = createFindings();
  const { idempotencyId, requestedSendTime, reminders = [] } = request;
  checkLength(findings, "IdempotencyId", idempotencyId, limits.idempotencyIdLength);
  checkSendTime(findings, "RequestedSendTime", requestedSendTime, sendTimeTexts, context);
  checkCondition(findings, "", request, context);
  checkStatusCallback(findings, "", request.statusCallback, context);
  checkReference(findings, "", request.sendersReference);
  checkRecipient(findings, "Recipient", request.recipient);
  if (reminders.length > limits.reminderCount) {
    findings.add("Reminders", `Must have at most ${limits.reminderCount} reminders.`);
  }
  const mainSendAt = instantOf(requestedSendTime) ?? context.now;
  for (const [index, reminder] of reminders.entries()) {
    checkReminder(findings, `Reminders[${index}]`, reminder, mainSendAt, context);
  }
  return findings;
}
