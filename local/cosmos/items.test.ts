import { expect, test } from "vitest";
import { setStage } from "./test-support.ts";

test("an item that was created can be read, replaced, patched and deleted", async () => {
  const { createContainer } = await setStage();
  const things = await createContainer();

  const created = await things.items.create({ id: "1", pk: "a", n: 1 });
  const replaced = await things.item("1", "a").replace({ id: "1", pk: "a", n: 2 });
  const patched = await things.item("1", "a").patch([{ op: "incr", path: "/n", value: 3 }]);
  const read = await things.item("1", "a").read<{ n: number }>();
  await things.item("1", "a").delete();
  const gone = await things.item("1", "a").read();

  expect([created.statusCode, replaced.statusCode, patched.statusCode]).toEqual([201, 200, 200]);
  expect(read.resource).toMatchObject({ id: "1", pk: "a", n: 5 });
  expect(gone.statusCode).toBe(404);
});

test("a query, a batch and the change feed", async () => {
  const { createContainer } = await setStage();
  const things = await createContainer();
  const batch = await things.items.batch(
    [1, 2, 3].map((n) => ({
      operationType: "Create" as const,
      resourceBody: { id: `i${n}`, pk: "a", n },
    })),
    "a",
  );
  const found = await things.items
    .query<{ id: string }>(
      {
        query: "SELECT * FROM c WHERE c.pk = @p AND c.n > @n ORDER BY c.n",
        parameters: [
          { name: "@p", value: "a" },
          { name: "@n", value: 1 },
        ],
      },
      { partitionKey: "a" },
    )
    .fetchAll();
  const across = await things.items
    .query("SELECT TOP 2 c.id, c.n FROM c ORDER BY c.n DESC")
    .fetchAll();
  const count = await things.items.query("SELECT VALUE COUNT(1) FROM c").fetchAll();
  const feed = things.items.getChangeFeedIterator({});
  const first = await feed.readNext();
  expect(batch.code).toBe(200);
  expect(found.resources.map(({ id }) => id)).toEqual(["i2", "i3"]);
  expect(across.resources).toEqual([
    { id: "i3", n: 3 },
    { id: "i2", n: 2 },
  ]);
  expect(count.resources).toEqual([3]);
  expect(first.statusCode).toBe(304);
});
