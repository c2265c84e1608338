/** Who follows a range when several hosts could, and what a trigger needs to start. */
import type { Container } from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import { advanceUntil } from "../test-host.ts";
import { changesOf, startFollowing, takeChanges } from "../../../test/support/change-feed-host.ts";

const SECOND = 1000;

/** Makes another host, which is not there, the owner of all leases from now on. */
async function handOver(leases: Container, owner: string, renewedAt: number): Promise<void> {
  const { resources } = await leases.items
    .readAll<{ readonly id: string; readonly owner?: string }>()
    .fetchAll();
  for (const lease of resources.filter((document) => document.owner !== undefined)) {
    await leases.item(lease.id, lease.id).replace({ ...lease, owner, renewedAt });
  }
}

describe("leases", () => {
  test("are held by one host; the other goes on where it stopped", async () => {
    const { create, follow, clock } = await startFollowing();
    const first = await follow();
    const second = await follow();
    await create(...changesOf("a", 2));
    await advanceUntil(clock, 100, takeChanges(first.batches, 2));

    await first.host.stop();
    await create(...changesOf("a", 2, 3));
    const seen = await advanceUntil(clock, SECOND, takeChanges(second.batches, 2));

    expect(seen.map(({ id }) => id)).toEqual(["a-3", "a-4"]);
    expect([first.batches.size(), second.batches.size()]).toEqual([0, 0]);
  });

  test("of a host that was killed are taken over when they have expired, not before", async () => {
    const { create, follow, clock, leases } = await startFollowing();
    const killed = await follow();
    await killed.host.stop();
    await handOver(leases, "the killed one", clock.now());
    await create(...changesOf("a", 1));
    const startedAt = clock.now();

    const { batches } = await follow();
    await advanceUntil(clock, SECOND, batches.take());

    expect(clock.now() - startedAt).toBeGreaterThan(60 * SECOND);
    expect(clock.now() - startedAt).toBeLessThan(100 * SECOND);
  });

  test("that were its own before it was killed, a host takes at once", async () => {
    const { create, follow, clock, leases } = await startFollowing();
    const killed = await follow();
    await killed.host.stop();
    await handOver(leases, "me", clock.now());
    await create(...changesOf("a", 1));
    const startedAt = clock.now();

    const { batches } = await follow({}, undefined, { hostInstanceId: "me" });
    await advanceUntil(clock, 100, batches.take());

    expect(clock.now() - startedAt).toBeLessThan(5 * SECOND);
  });

  test("that another host took are not worked on any more", async () => {
    const { create, follow, clock, leases } = await startFollowing();
    const { batches, logged } = await follow();
    await create(...changesOf("a", 1));
    await advanceUntil(clock, 100, takeChanges(batches, 1));
    await handOver(leases, "another", clock.now() + 1_000_000);

    // At the latest when it renews.
    for (let second = 0; second < 20; second++) {
      await clock.advance(SECOND);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await create(...changesOf("a", 1, 2));
    for (let second = 0; second < 20; second++) {
      await clock.advance(SECOND);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }

    expect(batches.size()).toBe(0);
    expect(logged).toContainEqual(expect.stringMatching(/^Follow: Change feed: Lease .* is lost/));
  });
});

describe("a trigger", () => {
  test("makes the lease container when it is told to", async () => {
    const { create, follow, clock, database } = await startFollowing();
    await create(...changesOf("a", 1));

    const { batches } = await follow({
      leaseContainerName: "own-leases",
      createLeaseContainerIfNotExists: true,
    });
    await advanceUntil(clock, 100, batches.take());
    const { resource } = await database.container("own-leases").read();

    expect(resource).toMatchObject({ partitionKey: { paths: ["/id"] }, defaultTtl: -1 });
  });

  test.each([
    ["a container", { containerName: "none" }, 'Cosmos DB has no container "none"'],
    ["a lease container", { leaseContainerName: "none" }, 'Cosmos DB has no container "none"'],
    ["a connection", { connection: "None" }, 'The connection setting "None" is missing'],
  ])("without %s does not start", async (_, trigger, message) => {
    const { follow } = await startFollowing();

    await expect(follow(trigger)).rejects.toThrow(`Follow cannot start: ${message}`);
  });

  test("that wants all versions is refused", async () => {
    const { follow } = await startFollowing();

    const starting = follow({ changeFeedMode: "AllVersionsAndDeletes" } as never);

    await expect(starting).rejects.toThrow("Only LatestVersion is supported");
  });

  test("waits for a Cosmos DB only so long", async () => {
    const { cosmos, follow } = await startFollowing();
    await cosmos.stop();

    const starting = follow({}, undefined, { startPatienceInMs: 300 });

    await expect(starting).rejects.toThrow("Follow cannot start");
  });
});
