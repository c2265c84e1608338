import fc from "fast-check";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../local/virtual-clock.ts";
import type { Caller } from "../auth/caller.ts";
import { createRateLimiter } from "./rate-limiter.ts";

const org = (name: string): Caller => ({ claims: { "urn:altinn:org": name }, scopes: new Set() });

test("a caller that does not stop is told when to come back; others are not held up by it", async () => {
  const clock = createVirtualClock();
  const limiter = createRateLimiter(2, clock);

  const waits = Array.from({ length: 25 }, () => limiter.take(org("ttd")));

  expect(waits.filter((wait) => wait === 0)).toHaveLength(20);
  expect(waits.at(-1)).toBe(1);
  expect(limiter.take(org("skd"))).toBe(0);
  await clock.advance(1000);
  expect([1, 2, 3].map(() => limiter.take(org("ttd")))).toEqual([0, 0, 1]);
});

test("nobody is limited when the rate is 0", () => {
  const limiter = createRateLimiter(0, createVirtualClock());

  expect(Array.from({ length: 1000 }, () => limiter.take(org("ttd"))).every((it) => it === 0)).toBe(
    true,
  );
});

test("whatever the pace, no caller gets more than its burst and its rate", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 200 }),
      async (perSecond, pauses) => {
        const clock = createVirtualClock();
        const limiter = createRateLimiter(perSecond, clock);
        let granted = 0;
        let passed = 0;
        for (const pause of pauses) {
          if (limiter.take(org("ttd")) === 0) granted += 1;
          await clock.advance(pause);
          passed += pause;
        }
        expect(granted).toBeLessThanOrEqual(perSecond * 10 + (passed / 1000) * perSecond + 1e-6);
      },
    ),
    { numRuns: 30 },
  );
});

test("a million callers do not fill the memory: who was away longest is forgotten", () => {
  const limiter = createRateLimiter(1, createVirtualClock());
  for (let i = 0; i < 10; i++) limiter.take(org("first"));
  expect(limiter.take(org("first"))).toBe(1);

  for (let i = 0; i < 20_001; i++) limiter.take(org(`org-${i}`));

  expect(limiter.take(org("first"))).toBe(0);
});
