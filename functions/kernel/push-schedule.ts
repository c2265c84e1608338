/** When a failed push is tried again. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds to wait after the first, second … failed attempt: the twelve attempts that clients know. */
const waitsInSeconds = [
  10,
  30,
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  12 * HOUR,
] as const;

/** Attempts go on, twelve hours apart, until this long after the first. */
const SPAN_IN_SECONDS = 72 * HOUR;

/** At most this much of a wait is added by chance, so that a recovering end point is not met by a wave. */
const JITTER = 0.1;

/** The longest that an end point may ask us to wait. */
const MAX_RETRY_AFTER_IN_SECONDS = 24 * HOUR;

const plannedWait = (attempt: number): number => waitsInSeconds[attempt - 1] ?? 12 * HOUR;

/**
 * The wait after a failed attempt.
 *
 * @param attempt 1 for the first
 * @param chance from 0 to 1
 * @param retryAfterInSeconds what the end point asked for; it can lengthen a wait, never shorten it
 * @returns `undefined` when it is time to give up
 */
export function waitAfter(
  attempt: number,
  chance: number,
  retryAfterInSeconds = 0,
): number | undefined {
  let elapsed = 0;
  for (let earlier = 1; earlier < attempt; earlier++) elapsed += plannedWait(earlier);
  if (elapsed >= SPAN_IN_SECONDS) return undefined;
  const wait = plannedWait(attempt) * (1 + JITTER * chance);
  return Math.max(wait, Math.min(retryAfterInSeconds, MAX_RETRY_AFTER_IN_SECONDS));
}

/** Seconds that a `Retry-After` header asks for: a number, or a date. */
export function retryAfterOf(header: string | undefined, nowInMs: number): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? 0 : Math.max(0, Math.ceil((at - nowInMs) / 1000));
}

/** Seconds to wait after a failed validation of an end point. */
const validationWaits = [1, 5, 10, 30, MINUTE, 2 * MINUTE, 2 * MINUTE, 2 * MINUTE] as const;

/** The wait after a failed validation; `undefined` when it is time to give up. */
export const waitAfterValidation = (attempt: number): number | undefined =>
  validationWaits[attempt - 1];
