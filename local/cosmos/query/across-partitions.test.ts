import type { Container } from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import { askDirectly, setStage, type Stage } from "../test-support.ts";

/** Twelve things with six keys, in both halves of the key space. */
const THINGS = Array.from({ length: 12 }, (_, index) => ({
  id: `i${index}`,
  pk: `key ${index % 6}`,
  n: index,
  half: Math.floor(index / 2),
  color: ["red", "green", "blue"][index % 3] ?? "",
}));

const BY_COLOR = [
  { path: "/color", order: "ascending" },
  { path: "/n", order: "descending" },
] as const;

async function stockThings(
  partitionRanges = 2,
): Promise<{ stage: Stage; things: Container; ask: (query: string) => Promise<unknown[]> }> {
  const stage = await setStage({ partitionRanges });
  const things = await stage.createContainer({
    indexingPolicy: { includedPaths: [{ path: "/*" }], compositeIndexes: [[...BY_COLOR]] },
  });
  for (const thing of THINGS) await things.items.create(thing);
  stage.cosmos.counters.reset();
  const ask = async (query: string): Promise<unknown[]> =>
    (await things.items.query<unknown>(query).fetchAll()).resources;
  return { stage, things, ask };
}

const descending = THINGS.map(({ n }) => n).reverse();

describe.each([1, 2, 4])("over %i ranges", (partitionRanges) => {
  test.each<[string, readonly unknown[]]>([
    ["SELECT VALUE c.n FROM c ORDER BY c.n DESC", descending],
    ["SELECT TOP 3 VALUE c.n FROM c ORDER BY c.n DESC", [11, 10, 9]],
    ["SELECT VALUE c.n FROM c ORDER BY c.color, c.n DESC OFFSET 2 LIMIT 3", [5, 2, 10]],
    ["SELECT DISTINCT VALUE c.color FROM c ORDER BY c.color", ["blue", "green", "red"]],
    ["SELECT DISTINCT TOP 2 VALUE c.color FROM c ORDER BY c.color", ["blue", "green"]],
    ["SELECT DISTINCT VALUE c.color FROM c ORDER BY c.color OFFSET 1 LIMIT 1", ["green"]],
    ["SELECT VALUE COUNT(1) FROM c", [12]],
    ["SELECT VALUE SUM(c.n) FROM c", [66]],
    ["SELECT VALUE AVG(c.n) FROM c", [5.5]],
    ["SELECT VALUE MIN(c.n) FROM c", [0]],
    ["SELECT VALUE MAX(c.color) FROM c", ["red"]],
    ["SELECT VALUE COUNT(1) FROM c WHERE c.color = 'red'", [4]],
  ])("%s", async (query, results) => {
    const { ask } = await stockThings(partitionRanges);

    expect(await ask(query)).toEqual(results);
  });

  test("a filter, DISTINCT and GROUP BY find the same as in one partition, in any order", async () => {
    const { ask } = await stockThings(partitionRanges);
    const sorted = (list: readonly unknown[]): string[] =>
      list.map((value) => JSON.stringify(value)).sort();

    const filtered = await ask("SELECT VALUE c.n FROM c WHERE c.color = 'red'");
    const distinct = await ask("SELECT DISTINCT c.color FROM c");
    const grouped = await ask(
      "SELECT c.color, COUNT(1) AS count, MAX(c.n) AS high FROM c GROUP BY c.color",
    );

    expect(sorted(filtered)).toEqual(sorted([0, 3, 6, 9]));
    expect(sorted(distinct)).toEqual(
      sorted([{ color: "red" }, { color: "green" }, { color: "blue" }]),
    );
    expect(sorted(grouped)).toEqual(
      sorted([
        { color: "red", count: 4, high: 9 },
        { color: "green", count: 4, high: 10 },
        { color: "blue", count: 4, high: 11 },
      ]),
    );
  });

  test("pages are merged in order, whatever their size", async () => {
    const { things } = await stockThings(partitionRanges);
    const query = "SELECT VALUE c.n FROM c ORDER BY c.n DESC";

    const found: unknown[] = [];
    const pages = things.items.query<number>(query, { maxItemCount: 2 });
    while (pages.hasMoreResults()) found.push(...(await pages.fetchNext()).resources);

    expect(found).toEqual(descending);
  });
});

describe("the gateway", () => {
  test.each([
    ["SELECT VALUE COUNT(1) FROM c", "can not be directly served by the gateway"],
    ["SELECT TOP 1 * FROM c", "can not be directly served by the gateway"],
    ["SELECT * FROM c ORDER BY c.n", "can not be directly served by the gateway"],
    ["SELECT * FROM c OFFSET 0 LIMIT 1", "can not be directly served by the gateway"],
    ["SELECT DISTINCT c.color FROM c", "can not be directly served by the gateway"],
    ["SELECT c.color, COUNT(1) AS n FROM c GROUP BY c.color", "only supports 'VALUE"],
    ["SELECT COUNT(1) AS n FROM c", "only supports 'VALUE"],
  ])("refuses over partitions, also with one range: %s", async (query, reason) => {
    const { stage } = await stockThings(1);

    const { status, headers, body } = await askDirectly(stage.cosmos, {
      method: "POST",
      path: "/dbs/stage/colls/things/docs",
      headers: { "x-ms-documentdb-isquery": "true", "content-type": "application/query+json" },
      body: { query },
    });

    expect([status, headers.get("x-ms-substatus")]).toEqual([400, "1004"]);
    expect(body).toMatchObject({
      message: expect.stringContaining(reason) as string,
      additionalErrorInfo: expect.stringContaining("rewrittenQuery") as string,
    });
  });

  test("has the SDK ask range by range what it refused", async () => {
    const { stage, ask } = await stockThings();
    await ask("SELECT VALUE COUNT(1) FROM c");

    // One that is refused, then one for each range.
    expect(stage.cosmos.counters.total({ operation: "Query" }).requestCount).toBe(3);
  });

  test("answers a plain filter over partitions, and anything within one", async () => {
    const { stage, ask, things } = await stockThings();
    await ask("SELECT VALUE c.n FROM c WHERE c.color = 'red'");
    await things.items.query("SELECT * FROM c ORDER BY c.n", { partitionKey: "key 1" }).fetchAll();

    expect(stage.cosmos.counters.total({ operation: "Query" }).requestCount).toBe(2);
  });

  test("lists its ranges, which cover all keys", async () => {
    const { things } = await stockThings(4);

    const { resources } = await things.readPartitionKeyRanges().fetchAll();

    const hex = (digits: string): string => digits.padEnd(32, "0");
    expect(resources.map(({ minInclusive, maxExclusive }) => [minInclusive, maxExclusive])).toEqual(
      [
        ["", hex("1")],
        [hex("1"), hex("2")],
        [hex("2"), hex("3")],
        [hex("3"), "FF"],
      ],
    );
  });
});
