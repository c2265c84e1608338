/** A timer's schedule: NCRONTAB or a TimeSpan. */
import { parseTimeSpan } from "../settings/time-span.ts";
import { type NextOccurrence, parseNcrontab, ScheduleError } from "./ncrontab.ts";

/** @throws {ScheduleError} */
export function parseSchedule(expression: string): NextOccurrence {
  const interval = parseTimeSpan(expression);
  if (interval === undefined) return parseNcrontab(expression);
  if (interval === 0) throw new ScheduleError(`"${expression}" is no interval.`);
  return (after) => after + interval;
}

const MINUTE_IN_MS = 60_000;
const SAMPLES = 10;

/** A schedule that comes more often than once a minute is not monitored, as in Azure. */
export function comesOftenerThanEveryMinute(next: NextOccurrence, from: number): boolean {
  let time = next(from);
  for (let count = 0; count < SAMPLES && time !== undefined; count++) {
    const following = next(time);
    if (following !== undefined && following - time < MINUTE_IN_MS) return true;
    time = following;
  }
  return false;
}
