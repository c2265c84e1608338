import fc from "fast-check";
import { expect, test } from "vitest";
import { createRounds } from "./rounds.ts";

test("what comes while a round is under way goes together with the next", async () => {
  const rounds = createRounds<number, number>(10);
  const seen: (readonly number[])[] = [];
  const run = (items: readonly number[]) => {
    seen.push(items);
    return Promise.allSettled(items.map((it) => Promise.resolve(it * 10)));
  };

  const results = await Promise.all([1, 2, 3, 4].map((it) => rounds("a", it, run)));

  expect(results).toEqual([10, 20, 30, 40]);
  expect(seen).toEqual([[1], [2, 3, 4]]);
});

test("a round that fails fails for its own alone, an item for itself, and the next round goes on", async () => {
  const rounds = createRounds<number, string>(2);
  const run = (items: readonly number[]) =>
    items.includes(2)
      ? Promise.reject(new Error("no"))
      : Promise.allSettled(
          items.map((it) =>
            it === 5 ? Promise.reject(new Error("no")) : Promise.resolve(String(it)),
          ),
        );

  const results = await Promise.allSettled([1, 2, 3, 4, 5].map((it) => rounds("a", it, run)));

  expect(results.map(({ status }) => status === "fulfilled")).toEqual([
    true,
    false,
    false,
    true,
    false,
  ]);
});

test("everybody gets the own result, one round a key at a time and none too large, whenever they come", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.tuple(fc.constantFrom("a", "b"), fc.nat()), { maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      async (scheduler, wishes, maxItems) => {
        const rounds = createRounds<number, string>(maxItems);
        const underWay = new Set<string>();
        const run = (key: string) => async (items: readonly number[]) => {
          expect(underWay.has(key)).toBe(false);
          expect(items.length).toBeLessThanOrEqual(maxItems);
          underWay.add(key);
          await scheduler.schedule(Promise.resolve());
          underWay.delete(key);
          return Promise.allSettled(items.map((it) => Promise.resolve(`${key}${it}`)));
        };
        const results = Promise.all(
          wishes.map(async ([key, item]) => {
            await scheduler.schedule(Promise.resolve());
            return rounds(key, item, run(key));
          }),
        );
        await scheduler.waitFor(results);

        expect(await results).toEqual(wishes.map(([key, item]) => `${key}${item}`));
        expect(underWay.size).toBe(0);
      },
    ),
  );
});
