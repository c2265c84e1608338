import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWithin, nextSendTime, opensAt, type SendWindow } from "./send-window.ts";

const usual: SendWindow = { startHour: 9, endHour: 17 };

const at = (text: string): number => Date.parse(text);

/** Hours and minutes on a wall in Oslo, by another implementation than the one under test. */
const wall = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Oslo",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const hourOf = (instant: number): number => Number(wall.format(instant).slice(0, 2));

/** Any moment of the days around a change of the clocks, and of the years between. */
const aroundChanges = fc
  .tuple(
    fc.constantFrom("2025-03-30", "2025-10-26", "2026-03-29", "2026-10-25", "2028-02-29"),
    fc.integer({ min: -48 * 60, max: 48 * 60 }),
  )
  .map(([day, minutes]) => at(`${day}T00:00:00Z`) + minutes * 60_000);
const moment = fc.oneof(
  aroundChanges,
  fc.integer({ min: at("2020-01-01T00:00:00Z"), max: at("2060-01-01T00:00:00Z") }),
);
const anyWindow = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 24 }))
  .filter(([startHour, endHour]) => startHour < endHour)
  .map(([startHour, endHour]) => ({ startHour, endHour }));

describe("NO-D26: 09:00 belongs to the window, 17:00 does not, and every day is alike", () => {
  test.each([
    ["2022-01-01T10:00:00Z", true],
    ["2022-01-01T20:00:00Z", false],
    ["2022-01-01T05:00:00Z", false],
    ["2026-01-14T08:00:00Z", true],
    ["2026-01-14T07:59:59.999Z", false],
    ["2026-01-14T15:59:59.999Z", true],
    ["2026-01-14T16:00:00Z", false],
    ["2026-07-14T07:00:00Z", true],
    ["2026-07-14T15:00:00Z", false],
    ["2026-01-17T12:00:00Z", true], // a Saturday
    ["2026-05-17T12:00:00Z", true], // a holiday
  ])("%s: %s", (text, expected) => {
    expect(isWithin(usual, at(text))).toBe(expected);
  });
});

test("the window is where the wall clock in Oslo says, also on days of 23 and of 25 hours", () => {
  fc.assert(
    fc.property(moment, anyWindow, (instant, window) => {
      const hour = hourOf(instant);
      expect(isWithin(window, instant)).toBe(hour >= window.startHour && hour < window.endHour);
    }),
  );
});

test("the next opening is within the window, not before the moment, and none comes earlier", () => {
  fc.assert(
    fc.property(
      moment,
      anyWindow,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (instant, window, part) => {
        const opening = opensAt(window, instant);
        const between = Math.floor(instant + (opening - instant) * part);

        expect(isWithin(window, opening)).toBe(true);
        expect(opening).toBeGreaterThanOrEqual(instant);
        expect(between < opening && isWithin(window, between)).toBe(false);
      },
    ),
  );
});

test.each([
  ["2026-03-28T18:00:00Z", "2026-03-29T07:00:00Z"], // the night that is an hour shorter
  ["2026-10-24T18:00:00Z", "2026-10-25T08:00:00Z"], // the night that is an hour longer
  ["2026-01-14T03:00:00Z", "2026-01-14T08:00:00Z"],
])("after %s it opens at %s", (from, opening) => {
  expect(opensAt(usual, at(from))).toBe(at(opening));
});

test("both ends are settings", () => {
  const early: SendWindow = { startHour: 8, endHour: 24 };

  expect(isWithin(early, at("2026-01-14T07:00:00Z"))).toBe(true);
  expect(isWithin(early, at("2026-01-14T22:59:00Z"))).toBe(true);
  expect(isWithin(early, at("2026-01-14T23:00:00Z"))).toBe(false);
});

test("what may go at any time goes at once", () => {
  const night = at("2026-01-14T01:00:00Z");

  expect(nextSendTime(usual, "Anytime", night)).toBe(night);
  expect(nextSendTime(usual, "Daytime", night)).toBe(at("2026-01-14T08:00:00Z"));
});
