/**
 * NCRONTAB, as Azure's timer triggers read it: `[second] minute hour day month weekday`, in UTC. A day must fit both day
 * and weekday.
 *
 * @see https://github.com/atifaziz/NCrontab
 */

interface Field {
  readonly title: string;
  readonly min: number;
  readonly max: number;
  /** The first stands for `min`. */
  readonly names: readonly string[];
}

const months =
  "january february march april may june july august september october november december";
const weekdays = "sunday monday tuesday wednesday thursday friday saturday";

const fields: readonly Field[] = [
  { title: "second", min: 0, max: 59, names: [] },
  { title: "minute", min: 0, max: 59, names: [] },
  { title: "hour", min: 0, max: 23, names: [] },
  { title: "day", min: 1, max: 31, names: [] },
  { title: "month", min: 1, max: 12, names: months.split(" ") },
  { title: "weekday", min: 0, max: 6, names: weekdays.split(" ") },
];

/** Which values a field has, by value. */
type Values = readonly boolean[];

export class ScheduleError extends Error {
  override readonly name = "ScheduleError";
}

function parseValue(text: string, field: Field): number {
  if (/^\d+$/.test(text)) {
    const value = Number(text);
    if (value >= field.min && value <= field.max) return value;
  } else if (text.length >= 3) {
    const index = field.names.findIndex((name) => name.startsWith(text.toLowerCase()));
    if (index >= 0) return field.min + index;
  }
  throw new ScheduleError(`"${text}" is no ${field.title} (${field.min} to ${field.max}).`);
}

function parseRange(text: string, field: Field, hasStep: boolean): readonly [number, number] {
  if (text === "*") return [field.min, field.max];
  const [from, to, ...rest] = text.split("-").map((value) => parseValue(value, field));
  if (from === undefined || rest.length > 0) {
    throw new ScheduleError(`"${text}" is no range of ${field.title}s.`);
  }
  if (to === undefined) return [from, hasStep ? field.max : from];
  // NCrontab swaps the ends of a range that goes backwards.
  return [Math.min(from, to), Math.max(from, to)];
}

function parsePart(part: string, field: Field): readonly [from: number, to: number, step: number] {
  const [range = "", stepText, ...rest] = part.split("/");
  const step = stepText === undefined ? 1 : Number(stepText);
  if (rest.length > 0 || !Number.isInteger(step) || step < 1 || stepText === "") {
    throw new ScheduleError(`"${part}" has no step that can be taken.`);
  }
  return [...parseRange(range, field, stepText !== undefined), step];
}

function parseField(text: string, field: Field): Values {
  const values = Array.from({ length: field.max + 1 }, () => false);
  for (const part of text.split(",")) {
    const [from, to, step] = parsePart(part, field);
    for (let value = from; value <= to; value += step) values[value] = true;
  }
  return values;
}

interface Schedule {
  readonly seconds: Values;
  readonly minutes: Values;
  readonly hours: Values;
  readonly days: Values;
  readonly months: Values;
  readonly weekdays: Values;
}

function parseSchedule(expression: string): Schedule {
  const texts = expression.trim().split(/\s+/);
  if (texts.length === 5) texts.unshift("0");
  if (texts.length !== 6) {
    throw new ScheduleError(`"${expression}" is no schedule: it must have 5 or 6 fields.`);
  }
  const [seconds, minutes, hours, days, allMonths, allWeekdays] = fields.map((field, index) =>
    parseField(texts[index] ?? "", field),
  ) as [Values, Values, Values, Values, Values, Values];
  return { seconds, minutes, hours, days, months: allMonths, weekdays: allWeekdays };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The calendar repeats after 400 years: what has not come by then never does. */
const YEARS = 400;

const nextMultiple = (time: number, unit: number): number => Math.floor(time / unit) * unit + unit;

/** @returns `time` when it fits; else the earliest later time that may */
function step(schedule: Schedule, time: number): number {
  const date = new Date(time);
  if (!schedule.months[date.getUTCMonth() + 1]) {
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
  }
  if (!schedule.days[date.getUTCDate()] || !schedule.weekdays[date.getUTCDay()]) {
    return nextMultiple(time, DAY);
  }
  if (!schedule.hours[date.getUTCHours()]) return nextMultiple(time, HOUR);
  if (!schedule.minutes[date.getUTCMinutes()]) return nextMultiple(time, MINUTE);
  return schedule.seconds[date.getUTCSeconds()] ? time : time + SECOND;
}

/** @returns the first time after the given one, in epoch ms; undefined when there is none */
export type NextOccurrence = (after: number) => number | undefined;

/** @throws {ScheduleError} */
export function parseNcrontab(expression: string): NextOccurrence {
  const schedule = parseSchedule(expression);
  return (after) => {
    const limit = new Date(after).setUTCFullYear(new Date(after).getUTCFullYear() + YEARS);
    let time = nextMultiple(after, SECOND);
    while (time <= limit) {
      const next = step(schedule, time);
      if (next === time) return time;
      time = next;
    }
    return undefined;
  };
}
