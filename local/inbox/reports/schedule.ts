/** When a report that was not taken is sent again, and when it is given up. */
import type { AttemptResult, QueuedReport } from "../store/report-queue.ts";

const SECOND_IN_MS = 1000;
const MINUTE_IN_MS = 60 * SECOND_IN_MS;
const HOUR_IN_MS = 60 * MINUTE_IN_MS;

export interface Schedule {
  /** Wait after the first, second … attempt; the last one goes on. */
  readonly waitsInMs: readonly number[];
  readonly timeToLiveInMs: number;
  /** Least wait after an answer of this status. */
  readonly leastWaitsInMs: Readonly<Record<number, number>>;
  /** These answers end it at once. */
  readonly finalStatuses: readonly number[];
}

/** @see https://learn.microsoft.com/azure/event-grid/delivery-and-retry */
export const eventGridSchedule: Schedule = {
  waitsInMs: [
    10 * SECOND_IN_MS,
    30 * SECOND_IN_MS,
    MINUTE_IN_MS,
    5 * MINUTE_IN_MS,
    10 * MINUTE_IN_MS,
    30 * MINUTE_IN_MS,
    HOUR_IN_MS,
    3 * HOUR_IN_MS,
    6 * HOUR_IN_MS,
    12 * HOUR_IN_MS,
  ],
  timeToLiveInMs: 24 * HOUR_IN_MS,
  leastWaitsInMs: { 404: 5 * MINUTE_IN_MS, 408: 2 * MINUTE_IN_MS, 503: 30 * SECOND_IN_MS },
  finalStatuses: [400, 401, 403, 413],
};

/** LINK Mobility documents that it sends again, not when: this schedule is our own. */
export const linkSchedule: Schedule = {
  waitsInMs: [10 * SECOND_IN_MS, MINUTE_IN_MS, 5 * MINUTE_IN_MS, 15 * MINUTE_IN_MS, HOUR_IN_MS],
  timeToLiveInMs: 48 * HOUR_IN_MS,
  leastWaitsInMs: {},
  finalStatuses: [],
};

/** How an attempt ended: an HTTP status, or a word where there was no answer. */
export interface Attempt {
  readonly isTaken: boolean;
  readonly status?: number | undefined;
  readonly outcome: string;
}

export function judgeAttempt(
  schedule: Schedule,
  report: Pick<QueuedReport, "attempts" | "publishedAt">,
  attempt: Attempt,
  {
    now,
    factor,
    maxAttempts,
  }: { readonly now: number; readonly factor: number; readonly maxAttempts: number },
): AttemptResult {
  const { outcome, status } = attempt;
  const result = (next: AttemptResult["next"]): AttemptResult => ({ at: now, outcome, next });
  if (attempt.isTaken) return result("delivered");
  if (status !== undefined && schedule.finalStatuses.includes(status)) {
    return result({ deadReason: "NotRetriable" });
  }
  const count = report.attempts + 1;
  if (count >= maxAttempts) return result({ deadReason: "MaxDeliveryAttemptsExceeded" });
  const usualWait = schedule.waitsInMs[report.attempts] ?? schedule.waitsInMs.at(-1) ?? 0;
  const leastWait = status === undefined ? 0 : (schedule.leastWaitsInMs[status] ?? 0);
  const retryAt = now + Math.max(usualWait, leastWait) * factor;
  return retryAt > report.publishedAt + schedule.timeToLiveInMs
    ? result({ deadReason: "TimeToLiveExceeded" })
    : result({ retryAt: Math.round(retryAt) });
}
