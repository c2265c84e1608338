/** Functions that follow a container: order, progress, failure, leases. On the real SDK and the local Cosmos DB. */
import { describe, expect, test } from "vitest";
import { advanceUntil, createGate } from "../test-host.ts";
import {
  type Change,
  changesOf,
  startFollowing,
  takeChanges,
} from "../../../test/support/change-feed-host.ts";

const idsOf = (changes: readonly Change[]): readonly string[] => changes.map(({ id }) => id);

const endless = {
  strategy: "fixedDelay",
  maxRetryCount: -1,
  delayInterval: { seconds: 2 },
} as const;

describe("changes", () => {
  test("reach the function in order, those from before its start included", async () => {
    const { create, follow, clock } = await startFollowing();
    await create(...changesOf("a", 3), ...changesOf("b", 2));

    const { batches } = await follow();
    const before = await advanceUntil(clock, 100, takeChanges(batches, 5));
    await create(...changesOf("a", 2, 4));
    const after = await advanceUntil(clock, 100, takeChanges(batches, 2));

    const all = [...before, ...after];
    expect(idsOf(all.filter(({ pk }) => pk === "a"))).toEqual(["a-1", "a-2", "a-3", "a-4", "a-5"]);
    expect(idsOf(all.filter(({ pk }) => pk === "b"))).toEqual(["b-1", "b-2"]);
    expect(all[0]).toMatchObject({ pk: expect.any(String) as unknown, n: 1 });
  });

  test("from before the start are left out without startFromBeginning", async () => {
    const { create, follow, clock } = await startFollowing();
    await create(...changesOf("a", 3));

    const { batches } = await follow({ startFromBeginning: false });
    await create(...changesOf("a", 1, 4));

    expect(idsOf(await advanceUntil(clock, 100, takeChanges(batches, 1)))).toEqual(["a-4"]);
  });

  test("that are made while the host is away are not missed, even before its first batch", async () => {
    const { create, follow, clock } = await startFollowing();
    const first = await follow({ startFromBeginning: false });
    await first.host.stop();
    await create(...changesOf("a", 1));

    const { batches } = await follow({ startFromBeginning: false });

    expect(idsOf(await advanceUntil(clock, 100, takeChanges(batches, 1)))).toEqual(["a-1"]);
  });

  test("that were handled do not come again after a restart", async () => {
    const { create, follow, clock } = await startFollowing();
    await create(...changesOf("a", 3));
    const first = await follow();
    await advanceUntil(clock, 100, takeChanges(first.batches, 3));
    await first.host.stop();
    await create(...changesOf("a", 2, 4));

    const { batches } = await follow();

    expect(idsOf(await advanceUntil(clock, 100, takeChanges(batches, 2)))).toEqual(["a-4", "a-5"]);
  });

  test("come in batches of at most maxItemsPerInvocation, one at a time", async () => {
    const { create, follow, clock } = await startFollowing();
    await create(...changesOf("a", 7));
    const running = { now: 0, most: 0 };

    const { batches } = await follow({ maxItemsPerInvocation: 3 }, async () => {
      running.most = Math.max(running.most, ++running.now);
      await clock.advance(0);
      running.now--;
    });
    const sizes = [await batches.take(), await batches.take(), await batches.take()];

    expect(sizes.map((batch) => batch.length)).toEqual([3, 3, 1]);
    expect(running.most).toBe(1);
  });

  test("two functions with different prefixes each get all of them", async () => {
    const { create, follow, clock } = await startFollowing();
    await create(...changesOf("a", 2));

    const one = await follow({ leaseContainerPrefix: "one" });
    const two = await follow({ leaseContainerPrefix: "two" });
    const seen = [
      await advanceUntil(clock, 100, takeChanges(one.batches, 2)),
      await advanceUntil(clock, 100, takeChanges(two.batches, 2)),
    ];

    expect(seen.map(idsOf)).toEqual([
      ["a-1", "a-2"],
      ["a-1", "a-2"],
    ]);
  });

  test("cost little while there are none: one request for each range and look", async () => {
    const { cosmos, follow, clock } = await startFollowing();
    const { batches } = await follow({ feedPollDelay: 1000 });
    await advanceUntil(clock, 1000, new Promise((resolve) => setTimeout(resolve, 20)));
    const before = cosmos.counters.total().requestCount;

    for (let look = 0; look < 10; look++) {
      await clock.advance(1000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }

    expect(cosmos.counters.total().requestCount - before).toBeLessThanOrEqual(22);
    expect(batches.size()).toBe(0);
  });
});

describe("a batch that fails", () => {
  test("is passed over without a retry policy, as in Azure", async () => {
    const { create, follow, clock } = await startFollowing();
    await create(...changesOf("a", 2));

    const { batches, logged } = await follow({ maxItemsPerInvocation: 1 }, ([change]) => {
      if (change?.n === 1) throw new Error("lost");
    });

    const seen = await advanceUntil(clock, 100, takeChanges(batches, 2));
    expect(idsOf(seen)).toEqual(["a-1", "a-2"]);
    expect(logged).toEqual([expect.stringContaining("Follow: Error: lost")]);
  });

  test("is tried until it works with an unlimited policy, and nothing overtakes it", async () => {
    const { create, follow, clock } = await startFollowing();
    await create(...changesOf("a", 2));
    const counts: unknown[] = [];

    const { batches } = await follow(
      { maxItemsPerInvocation: 1, retry: endless },
      ([change], { retryContext }) => {
        counts.push(retryContext?.retryCount);
        if (change?.n === 1 && counts.length < 4) throw new Error("not yet");
      },
    );

    const seen = await advanceUntil(clock, 500, takeChanges(batches, 5));
    expect(idsOf(seen)).toEqual(["a-1", "a-1", "a-1", "a-1", "a-2"]);
    expect(counts).toEqual([undefined, 1, 2, 3, undefined]);
  });

  test("and is still failing when the host stops comes again after the start", async () => {
    const { create, follow, clock } = await startFollowing();
    await create(...changesOf("a", 1));
    const first = await follow({ retry: endless }, () => {
      throw new Error("not yet");
    });
    await advanceUntil(clock, 100, first.batches.take());
    await first.host.stop();

    const { batches } = await follow({ retry: endless });

    expect(idsOf(await advanceUntil(clock, 100, batches.take()))).toEqual(["a-1"]);
  });

  test("that is running when the host stops is finished and noted", async () => {
    const { create, follow, clock } = await startFollowing();
    await create(...changesOf("a", 1));
    const gate = createGate();
    const first = await follow({}, () => gate.opened);
    await advanceUntil(clock, 100, first.batches.take());
    const stopping = first.host.stop();
    gate.open();
    await stopping;
    await create(...changesOf("a", 1, 2));

    const { batches } = await follow();

    expect(idsOf(await advanceUntil(clock, 100, takeChanges(batches, 1)))).toEqual(["a-2"]);
  });
});

describe("a Cosmos DB that fails", () => {
  test.each<[string, 429 | 503]>([
    ["throttles", 429],
    ["is not available", 503],
  ])("for a while because it %s holds the feed up, but nothing is lost", async (_, status) => {
    const { cosmos, create, follow, clock } = await startFollowing();
    const { batches } = await follow();
    await create(...changesOf("a", 1));

    cosmos.faults.add({ effect: { kind: "status", status }, count: 5, operations: ["ChangeFeed"] });
    await create(...changesOf("a", 2, 2));

    const seen = await advanceUntil(clock, 100, takeChanges(batches, 3));
    expect(idsOf(seen)).toEqual(["a-1", "a-2", "a-3"]);
  });
});
