/** Schedules: known ones, those that are none, and the comparison with a naive scan. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNcrontab, ScheduleError } from "./ncrontab.ts";
import { parseSchedule } from "./schedule.ts";

const at = (text: string): number => Date.parse(`${text}Z`);
const nextOf = (expression: string, after: string): string | undefined => {
  const next = parseSchedule(expression)(at(after));
  return next === undefined ? undefined : new Date(next).toISOString().slice(0, 19);
};

describe("known schedules", () => {
  test.each([
    ["0 */5 * * * *", "2026-01-05T11:00:00", "2026-01-05T11:05:00"],
    ["0 */5 * * * *", "2026-01-05T11:04:59.999", "2026-01-05T11:05:00"],
    ["*/5 * * * *", "2026-01-05T11:01:00", "2026-01-05T11:05:00"],
    ["*/10 * * * * *", "2026-01-05T11:00:51", "2026-01-05T11:01:00"],
    ["0 0 3 * * *", "2026-01-05T03:00:00", "2026-01-06T03:00:00"],
    ["0 30 9 * * Mon-Fri", "2026-01-09T10:00:00", "2026-01-12T09:30:00"],
    ["0 0 0 1 jan *", "2026-01-01T00:00:00", "2027-01-01T00:00:00"],
    ["0 0 0 29 2 *", "2026-01-01T00:00:00", "2028-02-29T00:00:00"],
    // Both day and weekday must fit.
    ["0 0 0 13 * 5", "2026-01-01T00:00:00", "2026-02-13T00:00:00"],
    ["0 5-10/2,30 * * * *", "2026-01-05T11:09:00", "2026-01-05T11:30:00"],
    ["0 50/5 * * * *", "2026-01-05T11:50:30", "2026-01-05T11:55:00"],
    ["00:00:30", "2026-01-05T11:00:00", "2026-01-05T11:00:30"],
    ["1.00:00:00", "2026-01-05T11:00:00", "2026-01-06T11:00:00"],
  ])("%s after %s is at %s", (expression, after, next) => {
    expect(nextOf(expression, after)).toBe(next);
  });

  test("a day that never comes is said to be none", () => {
    expect(nextOf("0 0 0 31 2 *", "2026-01-01T00:00:00")).toBeUndefined();
  });

  test.each([
    "",
    "* * * *",
    "60 * * * * *",
    "0 0 24 * * *",
    "0 0 0 0 * *",
    "0 0 0 * 13 *",
    "a b c d e f",
    "*/0 * * * * *",
    "1--2 * * * * *",
    "0 0 0 * ja *",
    "1/2/3 * * * * *",
    "00:00:00",
  ])("%j is no schedule", (expression) => {
    expect(() => parseSchedule(expression)).toThrow(ScheduleError);
  });
});

interface FieldText {
  readonly text: string;
  readonly fits: (value: number) => boolean;
}

/** A field's text, and by other means which values it has. */
const fieldIn = (min: number, max: number): fc.Arbitrary<FieldText> => {
  const value = fc.integer({ min, max });
  const step = fc.integer({ min: 1, max: max - min + 2 });
  const part = fc.oneof(
    fc.constant<FieldText>({ text: "*", fits: () => true }),
    value.map((one): FieldText => ({ text: `${one}`, fits: (candidate) => candidate === one })),
    fc.tuple(value, value).map(([one, other]): FieldText => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      return { text: `${from}-${to}`, fits: (candidate) => candidate >= from && candidate <= to };
    }),
    step.map((by): FieldText => ({
      text: `*/${by}`,
      fits: (candidate) => (candidate - min) % by === 0,
    })),
    fc.tuple(value, step).map(([from, by]): FieldText => ({
      text: `${from}/${by}`,
      fits: (candidate) => candidate >= from && (candidate - from) % by === 0,
    })),
  );
  return fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => ({
    text: parts.map(({ text }) => text).join(","),
    fits: (candidate) => parts.some(({ fits }) => fits(candidate)),
  }));
};

const start = fc.integer({ min: at("2024-01-01T00:00:00"), max: at("2032-01-01T00:00:00") });

const fields = fc.tuple(
  fieldIn(0, 59),
  fieldIn(0, 59),
  fieldIn(0, 23),
  fieldIn(1, 31),
  fieldIn(1, 12),
  fieldIn(0, 6),
);

type Fields = readonly [FieldText, FieldText, FieldText, FieldText, FieldText, FieldText];

const fitsAt = ([second, minute, hour, day, month, weekday]: Fields, time: number): boolean => {
  const date = new Date(time);
  return (
    second.fits(date.getUTCSeconds()) &&
    minute.fits(date.getUTCMinutes()) &&
    hour.fits(date.getUTCHours()) &&
    day.fits(date.getUTCDate()) &&
    month.fits(date.getUTCMonth() + 1) &&
    weekday.fits(date.getUTCDay())
  );
};

/** @returns the first of the given moments, each `unit` ms after the one before, that fits */
function scan(schedule: Fields, after: number, unit: number, count: number): number | undefined {
  let time = Math.floor(after / unit) * unit;
  for (let index = 0; index < count; index++) {
    time += unit;
    if (fitsAt(schedule, time)) return time;
  }
  return undefined;
}

const textOf = (schedule: Fields): string => schedule.map(({ text }) => text).join(" ");

/** What lies after the last moment that was scanned does not count. */
const upTo = (last: number, time: number | undefined): number | undefined =>
  time !== undefined && time <= last ? time : undefined;

describe("the next occurrence equals that of a naive scan", () => {
  test("by the second, for the next hour", () => {
    fc.assert(
      fc.property(fields, start, (schedule, after) => {
        const found = parseNcrontab(textOf(schedule))(after);
        const expected = scan(schedule, after, 1000, 3600);
        expect(upTo(after + 3600 * 1000, found)).toBe(expected);
      }),
      { numRuns: 150 },
    );
  });

  test("by the minute, for the next week", () => {
    fc.assert(
      fc.property(fields, start, ([, ...rest], after) => {
        const zero: FieldText = { text: "0", fits: (value) => value === 0 };
        const schedule: Fields = [zero, ...rest];
        const found = parseNcrontab(textOf(schedule))(after);
        const expected = scan(schedule, after, 60_000, 7 * 1440);
        expect(upTo(after + 7 * 1440 * 60_000, found)).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });
});
