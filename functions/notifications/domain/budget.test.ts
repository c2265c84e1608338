import fc from "fast-check";
import { expect, test } from "vitest";
import { type BudgetLimits, type BudgetState, doneAt, freshBudget, takeFrom } from "./budget.ts";
import type { Lane } from "./notification.ts";

const lane = fc.constantFrom<Lane>("instant", "normal", "bulk");
const limits: fc.Arbitrary<BudgetLimits> = fc.record({
  perMinute: fc.integer({ min: 1, max: 50 }),
  perHour: fc.integer({ min: 1, max: 200 }),
});

test("whoever asks, in no minute and no hour more goes out than the provider allows", () => {
  const asks = fc.array(fc.tuple(lane, fc.integer({ min: 1, max: 30 }), fc.nat(90_000)), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(limits, asks, (allowed, list) => {
      let state: BudgetState = freshBudget;
      let now = 0;
      const granted = new Map<string, number>();
      for (const [who, wanted, pause] of list) {
        now += pause;
        const grant = takeFrom(state, allowed, who, wanted, now);
        if (grant.kind === "wait") continue;
        state = grant.state;
        for (const window of [`m${Math.floor(now / 60_000)}`, `h${Math.floor(now / 3_600_000)}`]) {
          granted.set(window, (granted.get(window) ?? 0) + grant.count);
        }
      }

      for (const [window, count] of granted) {
        const limit = window.startsWith("m") ? allowed.perMinute : allowed.perHour;
        expect(count).toBeLessThanOrEqual(limit ?? Infinity);
      }
    }),
  );
});

test("bulk leaves room for what is in a hurry", () => {
  const allowed = { perMinute: 10 };
  const bulk = takeFrom(freshBudget, allowed, "bulk", 100, 0);

  expect(bulk).toMatchObject({ kind: "granted", count: 7 });
  if (bulk.kind !== "granted") return;
  expect(takeFrom(bulk.state, allowed, "bulk", 1, 0)).toEqual({ kind: "wait", untilAt: 60_000 });
  expect(takeFrom(bulk.state, allowed, "instant", 1, 0)).toMatchObject({ kind: "granted" });
});

test("while a channel is paused nothing goes, not even what is in a hurry", () => {
  const paused = { ...freshBudget, pausedUntil: 5000 };

  expect(takeFrom(paused, {}, "instant", 1, 4999)).toEqual({ kind: "wait", untilAt: 5000 });
  expect(takeFrom(paused, {}, "instant", 1, 5000)).toMatchObject({ kind: "granted" });
});

test("a hundred messages at ten a minute are done in the minute that the last ones need", () => {
  expect(doneAt(freshBudget, { perMinute: 10 }, "instant", 100, 0)).toBe(9 * 60_000);
});
