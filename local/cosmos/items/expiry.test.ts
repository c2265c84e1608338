import type { Container } from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import { failureOf, setStage } from "../test-support.ts";

const idsIn = async (things: Container, partitionKey = "a"): Promise<string[]> => {
  const { resources } = await things.items
    .query<string>("SELECT VALUE c.id FROM c ORDER BY c.id", { partitionKey })
    .fetchAll();
  return resources;
};

describe("time to live", () => {
  test("an item is gone from everything at its second, by the given clock", async () => {
    const { createContainer, clock } = await setStage();
    const things = await createContainer({ defaultTtl: 10 });
    await things.items.create({ id: "default", pk: "a" });
    await things.items.create({ id: "shorter", pk: "a", ttl: 5 });
    await things.items.create({ id: "longer", pk: "a", ttl: 20 });
    await things.items.create({ id: "never", pk: "a", ttl: -1 });

    await clock.advance(4999);
    expect(await idsIn(things)).toEqual(["default", "longer", "never", "shorter"]);
    await clock.advance(1);
    expect(await idsIn(things)).toEqual(["default", "longer", "never"]);
    expect((await things.item("shorter", "a").read()).statusCode).toBe(404);
    await clock.advance(5000);
    expect(await idsIn(things)).toEqual(["longer", "never"]);
    await clock.advance(86_400_000);
    expect(await idsIn(things)).toEqual(["never"]);
  });

  test("a change makes an item live as long again", async () => {
    const { createContainer, clock } = await setStage();
    const things = await createContainer({ defaultTtl: 10 });
    await things.items.create({ id: "1", pk: "a" });

    await clock.advance(9000);
    await things.item("1", "a").patch([{ op: "set", path: "/n", value: 1 }]);
    await clock.advance(9000);

    expect(await idsIn(things)).toEqual(["1"]);
  });

  test("without a default of the container nothing expires; with -1 only what says so", async () => {
    const { createContainer, clock } = await setStage();
    const off = await createContainer({ id: "off" });
    const own = await createContainer({ id: "own", defaultTtl: -1 });
    for (const container of [off, own]) {
      await container.items.create({ id: "1", pk: "a", ttl: 1 });
      await container.items.create({ id: "2", pk: "a" });
    }

    await clock.advance(86_400_000);

    expect(await idsIn(off)).toEqual(["1", "2"]);
    expect(await idsIn(own)).toEqual(["2"]);
  });

  test("turned off, what had expired but was not yet deleted is back, as in the service", async () => {
    const { createContainer, clock } = await setStage();
    const things = await createContainer({ defaultTtl: 1 });
    await things.items.create({ id: "1", pk: "a" });
    await clock.advance(1000);
    const { resource: definition } = await things.read();

    const { defaultTtl, ...rest } = definition ?? ({} as never);
    await things.replace(rest);

    expect(defaultTtl).toBe(1);
    expect(await idsIn(things)).toEqual(["1"]);
  });

  test("an expired item is not found by writes, and its id and unique keys are free", async () => {
    const { createContainer, clock } = await setStage();
    const things = await createContainer({
      defaultTtl: 10,
      uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/name"] }] },
    });
    await things.items.create({ id: "1", pk: "a", name: "x" });
    await clock.advance(10_000);

    const missing = await failureOf(things.item("1", "a").replace({ id: "1", pk: "a" }));
    const other = await things.items.create({ id: "2", pk: "a", name: "x" });
    const same = await things.items.upsert({ id: "1", pk: "a", name: "y" });

    expect(missing.code).toBe(404);
    expect([other.statusCode, same.statusCode]).toEqual([201, 201]);
    expect(await idsIn(things)).toEqual(["1", "2"]);
  });

  test("expired items are not told by the change feed, and end up deleted", async () => {
    const { createContainer, clock } = await setStage();
    const things = await createContainer({ defaultTtl: 10 });
    for (let index = 0; index < 40; index++) {
      await things.items.create({ id: `old${index}`, pk: "a", pad: "x".repeat(1000) });
    }
    await clock.advance(10_000);
    for (let index = 0; index < 80; index++) {
      await things.items.create({ id: `new${index}`, pk: "b" });
    }

    const { requestCharge } = await things.items
      .query("SELECT VALUE COUNT(1) FROM c", { partitionKey: "a" })
      .fetchAll();

    // The charge of a query that looks at nothing.
    expect(requestCharge).toBe(2.25);
  });
});

describe("unique keys", () => {
  const setUniqueStage = async (): Promise<Container> => {
    const { createContainer } = await setStage();
    return createContainer({
      uniqueKeyPolicy: {
        uniqueKeys: [{ paths: ["/mail"] }, { paths: ["/name/first", "/name/last"] }],
      },
    });
  };

  test("hold within a partition, for every kind of write", async () => {
    const things = await setUniqueStage();
    await things.items.create({ id: "1", pk: "a", mail: "x", name: { first: "A", last: "B" } });
    await things.items.create({ id: "2", pk: "a", mail: "y", name: { first: "A", last: "C" } });
    await things.items.create({ id: "1", pk: "b", mail: "x", name: { first: "A", last: "B" } });

    const failures = await Promise.all([
      failureOf(things.items.create({ id: "3", pk: "a", mail: "x" })),
      failureOf(things.items.upsert({ id: "3", pk: "a", mail: "y" })),
      failureOf(things.item("2", "a").replace({ id: "2", pk: "a", mail: "x" })),
      failureOf(things.item("2", "a").patch([{ op: "set", path: "/name/last", value: "B" }])),
    ]);

    expect(failures.map(({ code }) => code)).toEqual([409, 409, 409, 409]);
    expect((await things.item("2", "a").read<{ mail: string }>()).resource?.mail).toBe("y");
  });

  test("take a missing value for null, and 1 and '1' for two", async () => {
    const things = await setUniqueStage();
    await things.items.create({ id: "1", pk: "a", name: { first: "A" } });

    const failure = await failureOf(
      things.items.create({ id: "2", pk: "a", mail: null, name: { first: "B" } }),
    );
    await things.items.create({ id: "3", pk: "a", mail: 1, name: { first: "C" } });
    await things.items.create({ id: "4", pk: "a", mail: "1", name: { first: "D" } });

    expect(failure.code).toBe(409);
    expect(await idsIn(things)).toEqual(["1", "3", "4"]);
  });

  test("are free when their item is deleted or changed", async () => {
    const things = await setUniqueStage();
    await things.items.create({ id: "1", pk: "a", mail: "x", name: 1 });
    await things.items.create({ id: "2", pk: "a", mail: "y", name: { first: "A" } });

    await things.item("1", "a").delete();
    await things.item("2", "a").patch([{ op: "set", path: "/mail", value: "z" }]);

    await things.items.create({ id: "3", pk: "a", mail: "x", name: { first: "B" } });
    await things.items.create({ id: "4", pk: "a", mail: "y", name: { first: "C" } });
    expect(await idsIn(things)).toEqual(["2", "3", "4"]);
  });
});
