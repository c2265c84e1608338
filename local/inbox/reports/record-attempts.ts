/** Keeps how attempts to send reports ended, and tells it in the history of their messages. */
import type { Clock } from "../../clock.ts";
import type { SettingsHolder } from "../settings.ts";
import type { MessageStore } from "../store/messages.ts";
import type { AttemptResult, QueuedReport, ReportQueue } from "../store/report-queue.ts";
import { type Attempt, judgeAttempt, type Schedule } from "./schedule.ts";

export interface RecordPorts {
  readonly clock: Clock;
  readonly settings: SettingsHolder;
  readonly messages: MessageStore;
  readonly reports: ReportQueue;
  readonly changed: () => void;
}

function nameOf({ status, payload }: QueuedReport): string {
  if (status !== "") return status;
  return payload.kind === "raw" ? "something that is no report" : "a report on something else";
}

function tell(
  { messages }: RecordPorts,
  report: QueuedReport,
  { at, outcome, next }: AttemptResult,
): void {
  const { message, attempts, status } = report;
  if (message === undefined) return;
  messages.addHistory(
    message,
    at,
    "report",
    `Sent: ${nameOf(report)} (attempt ${attempts + 1}). Answer: ${outcome}`,
  );
  if (next === "delivered") {
    if (status !== "") messages.setStatus(message, status);
  } else if ("deadReason" in next) {
    messages.addHistory(
      message,
      at,
      "dead-letter",
      `Given up: ${nameOf(report)}, ${next.deadReason}`,
    );
  }
}

export function recordAttempts(
  ports: RecordPorts,
  schedule: Schedule,
  sent: readonly QueuedReport[],
  attempts: readonly Attempt[],
): void {
  const now = ports.clock.now();
  const { retryFactor: factor, maxDeliveryAttempts: maxAttempts } = ports.settings.current;
  for (const [index, { number }] of sent.entries()) {
    const attempt = attempts[index];
    // Read again: its message may have been forgotten meanwhile.
    const report = ports.reports.get(number);
    if (!attempt || !report) continue;
    const result = judgeAttempt(schedule, report, attempt, { now, factor, maxAttempts });
    ports.reports.recordAttempt(number, result);
    tell(ports, report, result);
  }
  ports.changed();
}
