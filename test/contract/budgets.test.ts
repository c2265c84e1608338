/** A provider's budget on the real database, shared by several instances of the app. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCosmosBudgets } from "../../functions/notifications/adapters/cosmos-budgets.ts";
import { createVirtualClock } from "../../local/virtual-clock.ts";
import { startTestCosmos, type TestCosmos } from "../support/cosmos.ts";

const clock = createVirtualClock(Date.UTC(2026, 0, 15, 12));
let cosmos: TestCosmos;

beforeAll(async () => {
  cosmos = await startTestCosmos();
});

afterAll(() => cosmos.stop());

const anInstance = (perMinute?: number) =>
  createCosmosBudgets(
    cosmos.documentsIn("budgets"),
    { email: perMinute === undefined ? {} : { perMinute }, sms: {} },
    clock,
  );

test("NO-D54: instances that take at the same time never take more than the provider allows", async () => {
  const instances = [anInstance(40), anInstance(40), anInstance(40)];

  const answers = await Promise.all(
    instances.flatMap((it) => Array.from({ length: 40 }, () => it.take("email", "instant"))),
  );

  const granted = answers.filter((wait) => wait === 0).length;
  expect(granted).toBeGreaterThan(30);
  expect(granted).toBeLessThanOrEqual(40);
  expect(Math.max(...answers)).toBeLessThanOrEqual(60);
});

test("NO-D54: a pause that one instance notes holds for all a second later, and the longest one holds", async () => {
  const [one, other] = [anInstance(), anInstance()];
  expect(await other.take("sms", "normal")).toBe(0);

  await one.pause("sms", 90);
  await one.pause("sms", 30);
  await clock.advance(1000);

  expect(await other.take("sms", "instant")).toBe(89);
  await clock.advance(89_000);
  expect(await other.take("sms", "instant")).toBe(0);
});

test.each([
  ["of no limit", {}, 0],
  ["that is not spent", { perMinute: 12_000, perHour: 500_000 }, 0],
  ["that is spent at once", { perMinute: 60, perHour: 500_000 }, 60],
])(
  "a budget %s is asked after less than once in ten messages, however many come at the same time",
  async (_, limits, longestWait) => {
    const budgets = createCosmosBudgets(
      cosmos.documentsIn("budgets"),
      { email: limits, sms: {} },
      clock,
    );
    await clock.advance(60 * 60_000 - (clock.now() % (60 * 60_000)));
    cosmos.server.counters.reset();

    const waits: number[] = [];
    for (let second = 0; second < 5; second++) {
      for (const pause of [100, 400, 500]) {
        const some = Array.from({ length: 40 }, () => budgets.take("email", "normal"));
        waits.push(...(await Promise.all(some)));
        await clock.advance(pause);
      }
    }

    const { requestCount } = cosmos.server.counters.total({ container: "budgets" });
    expect(requestCount / waits.length).toBeLessThan(0.1);
    expect(Math.max(...waits)).toBe(longestWait);
  },
);
