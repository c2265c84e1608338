import { type Container, PartitionKeyDefinitionVersion, PartitionKeyKind } from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import { failureOf, setStage } from "../test-support.ts";

async function createFeeds(): Promise<Container> {
  const { createContainer } = await setStage();
  const feeds = await createContainer({
    partitionKey: {
      paths: ["/feed", "/bucket"],
      kind: PartitionKeyKind.MultiHash,
      version: PartitionKeyDefinitionVersion.V2,
    },
  });
  for (const feed of ["x", "y", "x,"]) {
    for (const bucket of [0, 1, 10]) {
      await feeds.items.create({ id: "head", feed, bucket, n: bucket });
    }
  }
  return feeds;
}

const bucketsOf = async (feeds: Container, key: (string | number)[]): Promise<number[]> => {
  const { resources } = await feeds.items
    .query<number>("SELECT VALUE c.n FROM c ORDER BY c.n", { partitionKey: key })
    .fetchAll();
  return resources;
};

describe("a hierarchical partition key", () => {
  test("finds one item by all of it", async () => {
    const feeds = await createFeeds();

    const { resource } = await feeds.item("head", ["x", 1]).read<{ n: number }>();

    expect(resource?.n).toBe(1);
  });

  test("finds by its beginning what is below that, and nothing else", async () => {
    const feeds = await createFeeds();

    expect(await bucketsOf(feeds, ["x"])).toEqual([0, 1, 10]);
    expect(await bucketsOf(feeds, ["x", 1])).toEqual([1]);
    expect(await bucketsOf(feeds, ["z"])).toEqual([]);
  });

  test("is looked up whole when WHERE names all of it", async () => {
    const feeds = await createFeeds();
    const query = "SELECT VALUE c.n FROM c WHERE c.feed = 'x' AND c.bucket = 10";

    const { resources, requestCharge } = await feeds.items.query(query).fetchAll();

    expect(resources).toEqual([10]);
    expect(requestCharge).toBeLessThan(2.4);
  });

  test("must be whole for a point operation", async () => {
    const feeds = await createFeeds();

    const failure = await failureOf(feeds.item("head", ["x"]).delete());

    expect(failure).toMatchObject({ code: 400, substatus: 1001 });
  });

  test("leaves its siblings alone when an item is deleted, or all of the key", async () => {
    const feeds = await createFeeds();

    await feeds.item("head", ["x", 1]).delete();
    await feeds.deleteAllItemsForPartitionKey(["x", 10]);

    expect(await bucketsOf(feeds, ["x"])).toEqual([0]);
    expect(await bucketsOf(feeds, ["y"])).toEqual([0, 1, 10]);
  });

  test("serves a batch", async () => {
    const feeds = await createFeeds();

    const { code } = await feeds.items.batch(
      [
        {
          operationType: "Replace",
          id: "head",
          resourceBody: { id: "head", feed: "x", bucket: 1 },
        },
        { operationType: "Create", resourceBody: { id: "e", feed: "x", bucket: 1, n: 5 } },
      ],
      ["x", 1],
    );

    expect(code).toBe(200);
    expect(await bucketsOf(feeds, ["x", 1])).toEqual([5]);
  });
});
