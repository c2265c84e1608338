import fc from "fast-check";
import { expect, test } from "vitest";
import { retryAfterOf, waitAfter, waitAfterValidation } from "./push-schedule.ts";

const schedule = (chance: number): readonly number[] => {
  const waits: number[] = [];
  for (let attempt = 1; ; attempt++) {
    const wait = waitAfter(attempt, chance);
    if (wait === undefined) return waits;
    waits.push(wait);
  }
};

test("EV-D31: the twelve attempts are spaced as the contract says, and go on until 72 hours have passed", () => {
  const waits = schedule(0);

  expect(waits.slice(0, 11)).toEqual([
    10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 43_200,
  ]);
  const total = waits.reduce((sum, wait) => sum + wait, 0);
  expect(total).toBeGreaterThanOrEqual(72 * 3600);
  expect(total - 43_200).toBeLessThan(72 * 3600);
});

test("EV-D26: chance lengthens a wait by a tenth at most, and never shortens it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 14 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, chance) => {
        const planned = waitAfter(attempt, 0) ?? 0;
        const wait = waitAfter(attempt, chance) ?? 0;

        expect(wait).toBeGreaterThanOrEqual(planned);
        expect(wait).toBeLessThanOrEqual(planned * 1.1 + 1e-6);
      },
    ),
  );
});

test("EV-D26: an end point can ask for more time, a day at most, never for less", () => {
  expect(waitAfter(1, 0, 120)).toBe(120);
  expect(waitAfter(5, 0, 1)).toBe(600);
  expect(waitAfter(1, 0, 10 ** 9)).toBe(24 * 3600);
});

test("Retry-After is a number of seconds or a date", () => {
  const now = Date.UTC(2026, 0, 1);

  expect(retryAfterOf("120", now)).toBe(120);
  expect(retryAfterOf("Thu, 01 Jan 2026 00:01:00 GMT", now)).toBe(60);
  expect(retryAfterOf("soon", now)).toBe(0);
  expect(retryAfterOf(undefined, now)).toBe(0);
});

test("an end point is asked nine times whether it is there", () => {
  expect([1, 2, 8, 9].map(waitAfterValidation)).toEqual([1, 5, 120, undefined]);
});
