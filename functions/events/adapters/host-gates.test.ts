import { expect, test } from "vitest";
import { createVirtualClock } from "../../../local/virtual-clock.ts";
import type { CallOutcome } from "../../platform/net/guarded-fetch.ts";
import { createHostGates } from "./host-gates.ts";

const answered: CallOutcome = { kind: "answered", status: 200, headers: {}, excerpt: "" };
const noAnswer: CallOutcome = { kind: "no-answer", reason: "ETIMEDOUT" };

test("EV-D25: a host that hangs holds eight calls, and delays no other host", async () => {
  const pass = createHostGates(createVirtualClock());
  let release = (): void => undefined;
  const hanging = new Promise<CallOutcome>((resolve) => {
    release = () => {
      resolve(answered);
    };
  });
  const held = Array.from({ length: 8 }, () => pass({ host: "hangs.example" }, () => hanging));

  await expect(pass({ host: "hangs.example" }, () => hanging)).rejects.toMatchObject({
    delayInSeconds: 1,
  });
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
