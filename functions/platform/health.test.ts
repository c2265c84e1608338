import { expect, test } from "vitest";
import { createVirtualClock } from "../../local/virtual-clock.ts";
import { runChecks } from "./health.ts";

test("each dependency is told apart: able, failing, silent", async () => {
  const clock = createVirtualClock();

  const running = runChecks(clock, {
    database: () => Promise.resolve(),
    broker: () => Promise.reject(new Error("refused")),
    provider: () => new Promise(() => undefined),
  });
  await clock.advance(0);
  await clock.advance(2000);

  expect(await running).toEqual([
    { name: "database", state: "able", tookInMs: 0 },
    { name: "broker", state: "failing", tookInMs: 0 },
    { name: "provider", state: "silent", tookInMs: 2000 },
  ]);
});
