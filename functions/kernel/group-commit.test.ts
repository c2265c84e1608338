import fc from "fast-check";
import { expect, test } from "vitest";
import { createGroupCommit, unitsOf } from "./group-commit.ts";

const byCount = (count: number) => ({ count, size: Infinity, sizeOf: () => 0 });

test("what comes while a group is under way goes together with the next", async () => {
  const seen: (readonly number[])[] = [];
  const add = createGroupCommit(byCount(10), (_key, items: readonly number[]) => {
    seen.push(items);
    return Promise.resolve(items.map((it) => it * 10));
  });

  const first = add("a", [1]);
  await Promise.resolve();
  const others = [add("a", [2, 3]), add("a", [4])];

  expect(await Promise.all([first, ...others])).toEqual([[10], [20, 30], [40]]);
  expect(seen).toEqual([[1], [2, 3, 4]]);
});

test("a group that fails fails for its own alone, and the next one goes on", async () => {
  const add = createGroupCommit(byCount(2), (_key, items: readonly number[]) =>
    items.includes(3) ? Promise.reject(new Error("no")) : Promise.resolve(items),
  );

  const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((it) => add("a", [it])));

  expect(outcomes.map(({ status }) => status === "fulfilled")).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
});

test("everybody gets the own outcome, one group a key at a time and none too large, whenever they come", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.tuple(fc.constantFrom("a", "b"), fc.nat()), { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (scheduler, wishes, maxItems) => {
        const underWay = new Set<string>();
        const add = createGroupCommit(
          byCount(maxItems),
          async (key, items: readonly number[]): Promise<readonly string[]> => {
            expect(underWay.has(key)).toBe(false);
            expect(items.length).toBeLessThanOrEqual(maxItems);
            underWay.add(key);
            await scheduler.schedule(Promise.resolve());
            underWay.delete(key);
            return items.map((it) => `${key}${it}`);
          },
        );
        const outcomes = Promise.all(
          wishes.map(async ([key, item]) => {
            await scheduler.schedule(Promise.resolve());
            return add(key, [item]);
          }),
        );
        await scheduler.waitFor(outcomes);

        expect(await outcomes).toEqual(wishes.map(([key, item]) => [`${key}${item}`]));
        expect(underWay.size).toBe(0);
      },
    ),
  );
});

test("units keep the order, respect both limits, and leave nothing out", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 12 })),
      fc.integer({ min: 1, max: 4 }),
      (items, count) => {
        const units = unitsOf({ count, size: 10, sizeOf: (it: number) => it }, items);

        expect(units.flat()).toEqual(items);
        for (const unit of units) {
          expect(unit.length).toBeLessThanOrEqual(count);
          const size = unit.reduce((sum, it) => sum + it, 0);
          expect(size <= 10 || unit.length === 1).toBe(true);
        }
      },
    ),
  );
});
