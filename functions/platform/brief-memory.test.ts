import { expect, test } from "vitest";
import { createVirtualClock } from "../../local/virtual-clock.ts";
import { createBriefMemory } from "./brief-memory.ts";

function open(ageInMs = 1000, maxCount?: number) {
  const clock = createVirtualClock();
  let askedCount = 0;
  const remember = createBriefMemory<number>(clock, ageInMs, maxCount);
  return {
    clock,
    remember,
    ask: (key: string) => remember(key, () => Promise.resolve(++askedCount)),
  };
}

test("who asks the same within its time gets the same answer, also at the same moment", async () => {
  const { clock, ask } = open();

  expect(await Promise.all([ask("a"), ask("a"), ask("b")])).toEqual([1, 1, 2]);
  await clock.advance(999);
  expect(await ask("a")).toBe(1);
  await clock.advance(1);
  expect(await ask("a")).toBe(3);
});

test("a failure is not remembered", async () => {
  const { remember, ask } = open();

  await expect(remember("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");

  expect(await ask("a")).toBe(1);
});

test("it does not grow without end", async () => {
  const { ask } = open(1000, 2);

  expect([await ask("a"), await ask("b"), await ask("c"), await ask("a")]).toEqual([1, 2, 3, 4]);
});
