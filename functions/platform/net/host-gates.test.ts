import { expect, test } from "vitest";
import { createVirtualClock } from "../../../local/virtual-clock.ts";
import type { RetryLater } from "../../kernel/failures.ts";
import type { CallOutcome } from "./guarded-fetch.ts";
import { createHostGates } from "./host-gates.ts";

const answered: CallOutcome = { kind: "answered", status: 200, headers: {}, excerpt: "" };
const noAnswer: CallOutcome = { kind: "no-answer", reason: "ETIMEDOUT" };

test("EV-D25: a host that hangs holds eight calls, and delays no other host", async () => {
  const clock = createVirtualClock();
  const pass = createHostGates(clock);
  let release = (): void => undefined;
  const hanging = new Promise<CallOutcome>((resolve) => {
    release = () => {
      resolve(answered);
    };
  });
  const held = Array.from({ length: 8 }, () => pass({ host: "hangs.example" }, () => hanging));

  const refused = pass({ host: "hangs.example" }, () => hanging).catch((error: unknown) => error);
  await clock.advance(250);
  expect(await refused).toMatchObject({ delayInSeconds: 1 });
  await expect(pass({ host: "well.example" }, () => Promise.resolve(answered))).resolves.toBe(
    answered,
  );
  release();
  await Promise.all(held);
  await expect(pass({ host: "hangs.example" }, () => hanging)).resolves.toBe(answered);
});

test("EV-D25: a dead host is left alone for half a minute, then one call tries it", async () => {
  const clock = createVirtualClock();
  const pass = createHostGates(clock);
  for (let call = 0; call < 5; call++)
    await pass({ host: "dead" }, () => Promise.resolve(noAnswer));

  await expect(pass({ host: "dead" }, () => Promise.resolve(answered))).rejects.toMatchObject({
    delayInSeconds: 30,
  });
  await clock.advance(30_000);
  const trial = pass({ host: "dead" }, () => Promise.resolve(answered));
  await expect(pass({ host: "dead" }, () => Promise.resolve(answered))).rejects.toThrow(
    "as many calls",
  );
  await expect(trial).resolves.toBe(answered);
  await expect(pass({ host: "dead" }, () => Promise.resolve(answered))).resolves.toBe(answered);
});

test("EV-D25: a host that begins to hang gets ever fewer calls at a time, and gains them back by answering", async () => {
  const clock = createVirtualClock();
  const pass = createHostGates(clock);
  const pending: ((outcome: CallOutcome) => void)[] = [];
  const hang = (): Promise<CallOutcome> => new Promise((resolve) => pending.push(resolve));
  /** How many calls it takes until one is refused. */
  const room = async (outcome: CallOutcome): Promise<number> => {
    const calls = Array.from({ length: 9 }, () => pass({ host: "slow" }, hang));
    const settled = Promise.allSettled(calls);
    await clock.advance(250); // whoever has no place by now is refused
    for (const resolve of pending.splice(0)) resolve(outcome);
    return (await settled).filter(({ status }) => status === "fulfilled").length;
  };

  await pass({ host: "slow" }, () => Promise.resolve(noAnswer));
  expect(await room(answered)).toBe(4);
  await pass({ host: "slow" }, () => Promise.resolve(noAnswer));
  await pass({ host: "slow" }, () => Promise.resolve(noAnswer));
  expect(await room(answered)).toBeLessThanOrEqual(2);
  for (let call = 0; call < 40; call++)
    await pass({ host: "slow" }, () => Promise.resolve(answered));
  expect(await room(answered)).toBe(8);
});

test("an address that allows twenty calls a minute gets one each three seconds", async () => {
  const clock = createVirtualClock();
  const pass = createHostGates(clock);
  const to = { host: "h", pace: { url: "https://h/a", callsPerMinute: 20 } };
  await pass(to, () => Promise.resolve(answered));

  await expect(pass(to, () => Promise.resolve(answered))).rejects.toMatchObject({
    delayInSeconds: 3,
  });
  await expect(pass({ host: "h" }, () => Promise.resolve(answered))).resolves.toBe(answered);
  await clock.advance(3000);
  await expect(pass(to, () => Promise.resolve(answered))).resolves.toBe(answered);
});

test("those who are refused are told to come back one after the other, within a minute", async () => {
  const clock = createVirtualClock();
  const pass = createHostGates(clock);
  const held = Array.from({ length: 8 }, () =>
    pass({ host: "busy" }, () => new Promise(() => undefined)),
  );
  const delayOf = (): Promise<number> =>
    pass({ host: "busy" }, () => Promise.resolve(answered)).then(
      () => 0,
      (error: unknown) => (error as RetryLater).delayInSeconds,
    );

  // The first sixteen wait at the gate for a moment, so they are the last to be refused.
  const refused = Array.from({ length: 3016 }, delayOf);
  await clock.advance(250);
  const all = await Promise.all(refused);
  const delays = [...all.slice(16), ...all.slice(0, 16)];

  expect(held).toHaveLength(8);
  expect(delays[0]).toBe(1);
  expect(delays).toEqual(delays.toSorted((one, other) => one - other));
  expect(delays.at(-1)).toBe(60);
});

test("a burst that is over in a moment waits at the gate, in its order, and nobody is refused", async () => {
  const clock = createVirtualClock();
  const pass = createHostGates(clock);
  const made: number[] = [];
  const calls = Array.from({ length: 24 }, (_, index) =>
    pass({ host: "well" }, async () => {
      made.push(index);
      await new Promise<void>((resolve) => clock.schedule(50, resolve));
      return answered;
    }),
  );

  for (let step = 0; step < 30; step++) await clock.advance(10);

  expect(await Promise.all(calls)).toHaveLength(24);
  expect(made).toEqual(made.toSorted((one, other) => one - other));
});

test("EV-D25: at the first call without answer nobody waits on at the gate of its host", async () => {
  const clock = createVirtualClock();
  const pass = createHostGates(clock);
  const ends: (() => void)[] = [];
  const calls = Array.from({ length: 20 }, () =>
    pass(
      { host: "dying" },
      () =>
        new Promise((resolve) => {
          ends.push(() => {
            resolve(noAnswer);
          });
        }),
    ),
  );
  const settled = Promise.allSettled(calls);
  await clock.advance(1);
  for (const end of ends.splice(0)) end();

  const refused = (await settled).filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(12);
  expect(ends).toHaveLength(0);
});
