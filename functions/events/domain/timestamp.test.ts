import fc from "fast-check";
import { expect, test } from "vitest";
import { nextTicks, ticksOf, timeOfTicks } from "./timestamp.ts";

test("a time is the same instant in every zone", () => {
  expect(ticksOf("2022-05-12T02:02:07.5414821+02:00")).toBe(
    ticksOf("2022-05-12T00:02:07.5414821Z"),
  );
});

test.each([
  "2022-02-29T00:00:00Z",
  "2022-13-01T00:00:00Z",
  "2022-01-01T24:00:00Z",
  "2022-01-01T00:60:00Z",
  "2022-01-01 00:00:00Z",
  "2022-01-01T00:00:00",
  "2022-01-01T00:00:00+25:00",
  "2022-01-01",
  "",
])("%s is no time", (text) => {
  expect(ticksOf(text)).toBeUndefined();
});

test("29 February is a day of a leap year", () => {
  expect(ticksOf("2024-02-29T00:00:00Z")).toBeDefined();
});

test("text and ticks say the same, and sort alike", () => {
  const ticks = fc.bigInt(0n, 40_000_000_000_000_000n);
  fc.assert(
    fc.property(ticks, ticks, (one, other) => {
      const [first, second] = [timeOfTicks(one), timeOfTicks(other)];

      expect(ticksOf(first)).toBe(one);
      expect(first < second).toBe(one < other);
    }),
  );
});

test("the next instant is strictly later, also when the clock stands still or goes back", () => {
  const milliseconds = fc.integer({ min: 0, max: 2 ** 42 });
  fc.assert(
    fc.property(fc.array(milliseconds, { minLength: 2 }), (clock) => {
      let previous: bigint | undefined;
      for (const now of clock) {
        const next = nextTicks(now, previous);
        expect(previous === undefined || next > previous).toBe(true);
        previous = next;
      }
    }),
  );
});
