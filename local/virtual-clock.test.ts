import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { createVirtualClock } from "./virtual-clock.ts";

test("it moves only when it is told to, and runs on the way what falls due, in order", async () => {
  const clock = createVirtualClock(1000);
  const seen: string[] = [];
  const note = (name: string) => (): void => {
    seen.push(`${name} at ${clock.now()}`);
  };
  clock.schedule(20, note("later"));
  clock.schedule(10, note("first"));
  clock.schedule(10, note("second"));
  clock.schedule(10, () => {
    clock.schedule(5, note("nested"));
  });
  clock.schedule(31, note("not yet"));

  await clock.advance(30);

  expect(seen).toEqual(["first at 1010", "second at 1010", "nested at 1015", "later at 1020"]);
  expect(clock.now()).toBe(1030);
});

test("what is cancelled does not run; cancelling late is harmless", async () => {
  const clock = createVirtualClock();
  let count = 0;
  const cancelEarly = clock.schedule(10, () => count++);
  const cancelLate = clock.schedule(10, () => count++);

  cancelEarly();
  await clock.advance(10);
  cancelLate();

  expect(count).toBe(1);
});

test("promises get a turn between two callbacks", async () => {
  const clock = createVirtualClock();
  const seen: string[] = [];
  clock.schedule(1, () => {
    void Promise.resolve().then(() => seen.push("reaction of the first"));
  });
  clock.schedule(1, () => seen.push("second"));

  await clock.advance(1);

  expect(seen).toEqual(["reaction of the first", "second"]);
});

test("the machine's clock keeps delays that no timer holds, and forgets what is cancelled", async () => {
  let count = 0;
  const cancel = systemClock.schedule(40 * 86_400_000, () => count++);
  const cancelShort = systemClock.schedule(0, () => count++);
  cancelShort();
  await nextTurn();
  cancel();

  expect(count).toBe(0);
});
