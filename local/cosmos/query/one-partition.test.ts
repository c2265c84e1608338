import type { Container, JSONValue, SqlParameter } from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import { failureOf, setStage } from "../test-support.ts";

const FRUITS = [
  { id: "1", pk: "a", name: "apple", n: 3, tags: ["red", "green"], origin: { land: "NO" } },
  { id: "2", pk: "a", name: "banana", n: 1, tags: [], origin: { land: "EC" }, ripe: true },
  { id: "3", pk: "a", name: "Cherry", n: 2, tags: ["red"], origin: null },
  { id: "4", pk: "a", name: "date 100%", n: "many" },
  { id: "5", pk: "a", name: null },
  { id: "1", pk: "b", name: "apple", n: 3 },
] as const;

async function stockFruits(): Promise<Container> {
  const { createContainer } = await setStage();
  const fruits = await createContainer({
    indexingPolicy: {
      includedPaths: [{ path: "/*" }],
      excludedPaths: [{ path: "/secret/?" }],
      compositeIndexes: [
        [
          { path: "/name", order: "ascending" },
          { path: "/n", order: "descending" },
        ],
      ],
    },
  });
  for (const fruit of FRUITS) await fruits.items.create(fruit);
  return fruits;
}

async function ask(
  container: Container,
  query: string,
  parameters: Readonly<Record<string, JSONValue>> = {},
): Promise<unknown[]> {
  const list = Object.entries(parameters).map(([name, value]): SqlParameter => ({
    name: `@${name}`,
    value,
  }));
  const { resources } = await container.items
    .query<unknown>({ query, parameters: list }, { partitionKey: "a" })
    .fetchAll();
  return resources;
}

describe("what a query finds in one partition", () => {
  test.each<[string, readonly string[]]>([
    ["c.name = 'apple'", ["1"]],
    ["c.n > 1", ["1", "3"]],
    ["c.n >= 1 AND c.n < 3", ["2", "3"]],
    ["c.n != 3", ["2", "3", "4"]],
    ["c.n <> 3 AND NOT c.n = 'many'", ["2", "3"]],
    ["NOT c.n = 3", ["2", "3", "4"]],
    ["c.n BETWEEN 2 AND 3", ["1", "3"]],
    ["c.n NOT BETWEEN 2 AND 3", ["2"]],
    ["c.id IN ('2', '3', '9')", ["2", "3"]],
    ["c.n IN (1, 'many')", ["2", "4"]],
    ["c.name NOT IN ('apple', 'banana')", ["3", "4", "5"]],
    ["c.name LIKE 'b%'", ["2"]],
    ["c.name LIKE '_pple'", ["1"]],
    ["c.name LIKE '%100!%' ESCAPE '!'", ["4"]],
    ["c.name LIKE '[A-C]%'", ["3"]],
    ["c.name = null", ["5"]],
    ["IS_NULL(c.origin)", ["3"]],
    ["IS_DEFINED(c.origin)", ["1", "2", "3"]],
    ["NOT IS_DEFINED(c.origin)", ["4", "5"]],
    ["c.origin.land = 'NO'", ["1"]],
    ["c['origin']['land'] = \"EC\"", ["2"]],
    ["c.ripe", ["2"]],
    ["c.ripe = true OR c.n = 2", ["2", "3"]],
    ["ARRAY_CONTAINS(c.tags, 'red')", ["1", "3"]],
    ["ARRAY_LENGTH(c.tags) = 0", ["2"]],
    ["c.tags[1] = 'green'", ["1"]],
    ["c.tags = ['red']", ["3"]],
    ["c.origin = {'land': 'EC'}", ["2"]],
    ["STARTSWITH(c.name, 'a')", ["1"]],
    ["STARTSWITH(c.name, 'c', true)", ["3"]],
    ["ENDSWITH(c.name, 'e')", ["1"]],
    ["CONTAINS(c.name, 'an')", ["2"]],
    ["StringEquals(c.name, 'CHERRY', true)", ["3"]],
    ["LOWER(c.name) = 'cherry'", ["3"]],
    ["LENGTH(c.name) = 5", ["1"]],
    ["IS_NUMBER(c.n)", ["1", "2", "3"]],
    ["IS_STRING(c.n) AND IS_ARRAY(c.tags) = false", ["4"]],
    ["c.missing = 1", []],
    ["c.missing != 1", []],
    ["c.n < 'z' -- a comment", ["4"]],
    ["3 = c.n", ["1"]],
    ["1 < c.n", ["1", "3"]],
    ["c.pk = 'b'", []],
  ])("%s", async (condition, ids) => {
    const fruits = await stockFruits();

    const found = await ask(fruits, `SELECT VALUE c.id FROM c WHERE ${condition}`);

    expect(found.sort()).toEqual(ids);
  });

  test("parameters are values of any type, and every one must be given", async () => {
    const fruits = await stockFruits();
    const query = "SELECT VALUE c.id FROM c WHERE c.n = @n";

    expect(await ask(fruits, query, { n: 3 })).toEqual(["1"]);
    expect(await ask(fruits, query, { n: "many" })).toEqual(["4"]);
    expect(await ask(fruits, query, { n: "3' OR true" })).toEqual([]);
    expect(await failureOf(ask(fruits, query, { m: 3 }))).toMatchObject({ code: 400 });
  });
});

describe("what a query gives", () => {
  test.each<[string, readonly unknown[]]>([
    ["SELECT c.id, c.n AS number FROM c WHERE c.id = '1'", [{ id: "1", number: 3 }]],
    ["SELECT c.id, c.ripe FROM c WHERE c.n = 3", [{ id: "1" }]],
    ["SELECT VALUE {i: c.id, l: [c.n, c.none]} FROM c WHERE c.n = 1", [{ i: "2", l: [1, null] }]],
    ["SELECT VALUE c.ripe FROM c", [true]],
    ["SELECT VALUE c.n FROM c ORDER BY c.n", [1, 2, 3, "many"]],
    ["SELECT VALUE c.n FROM c ORDER BY c.n DESC", ["many", 3, 2, 1]],
    ["SELECT VALUE c.id FROM c ORDER BY c.name, c.n DESC", ["5", "3", "1", "2", "4"]],
    ["SELECT VALUE c.id FROM c ORDER BY c.name DESC, c.n ASC", ["4", "2", "1", "3", "5"]],
    ["SELECT TOP 2 VALUE c.id FROM c ORDER BY c.id DESC", ["5", "4"]],
    ["SELECT VALUE c.id FROM c ORDER BY c.id OFFSET 1 LIMIT 2", ["2", "3"]],
    ["SELECT DISTINCT VALUE c.tags[0] FROM c", ["red"]],
    ["SELECT VALUE COUNT(1) FROM c", [5]],
    ["SELECT VALUE COUNT(c.n) FROM c", [4]],
    ["SELECT VALUE SUM(c.n) FROM c WHERE IS_NUMBER(c.n)", [6]],
    ["SELECT VALUE AVG(c.n) FROM c WHERE IS_NUMBER(c.n)", [2]],
    ["SELECT VALUE SUM(c.n) FROM c", []],
    ["SELECT MIN(c.n) AS low, MAX(c.n) AS high FROM c", [{ low: 1, high: "many" }]],
    ["SELECT VALUE COUNT(1) FROM c WHERE c.none = 1", [0]],
    ["SELECT c.pk, COUNT(1) AS n FROM c GROUP BY c.pk", [{ pk: "a", n: 5 }]],
  ])("%s", async (query, results) => {
    const fruits = await stockFruits();

    expect(await ask(fruits, query)).toEqual(results);
  });

  test("whole items come with their system properties", async () => {
    const fruits = await stockFruits();

    const [item] = await ask(fruits, "SELECT * FROM c WHERE c.id = '1'");
    const { resource } = await fruits.item("1", "a").read<object>();

    expect(item).toEqual(resource);
    expect(item).toHaveProperty("_etag");
  });
});

describe("what a query is refused for", () => {
  test.each([
    ["SELECT * FROM c WHERE", "Syntax error"],
    ["SELECT * FROM c WHERE c.n = #", "invalid token"],
    ["SELECT * FROM c WHERE d.n = 1", "'d' could not be resolved"],
    ["SELECT * FROM c ORDER BY c.secret", "order-by item is excluded"],
    ["SELECT * FROM c ORDER BY c.n, c.name", "composite index"],
    ["SELECT * FROM c ORDER BY c.name, c.n", "composite index"],
    ["SELECT TOP -1 * FROM c", "not negative"],
    ["SELECT * FROM c JOIN t IN c.tags", "JOIN is not supported by the local emulator"],
    ["SELECT * FROM c WHERE EXISTS (SELECT 1)", "subquery is not supported by the local emulator"],
    ["SELECT VALUE c.n + 1 FROM c", "'+' is not supported by the local emulator"],
    ["SELECT udf.x(c) FROM c", "is not supported by the local emulator"],
    ["SELECT VALUE GetCurrentDateTime() FROM c", "is not supported by the local emulator"],
    ["SELECT c.n, COUNT(1) AS k FROM c", "is not supported by the local emulator"],
  ])("%s", async (query, reason) => {
    const fruits = await stockFruits();

    const failure = await failureOf(ask(fruits, query));

    expect(failure.code).toBe(400);
    expect(failure.message).toContain(reason);
  });
});
