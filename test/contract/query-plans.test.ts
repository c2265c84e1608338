/** What a query costs in requests, over the app's own connection. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestCosmos, type TestCosmos } from "../support/cosmos.ts";

let cosmos: TestCosmos;

beforeAll(async () => {
  cosmos = await startTestCosmos();
});

afterAll(() => cosmos.stop());

const requestsOf = async (work: () => Promise<unknown>) => {
  cosmos.server.counters.reset();
  await work();
  return cosmos.server.counters
    .list()
    .filter(({ container }) => container !== undefined)
    .map(({ operation, requestCount }) => [operation, requestCount]);
};

test("a query within one logical partition is one request, whichever way it is put", async () => {
  const feeds = cosmos.documentsIn("feeds");
  await feeds.create({ id: "1", feed: "a", bucket: 0, number: 1 });
  const parameters = [{ name: "@feed", value: "a" }];
  const text = "FROM c WHERE c.feed = @feed AND c.bucket = 0";
  const sorted = { query: `SELECT * ${text} ORDER BY c.number DESC`, parameters };
  const counted = { query: `SELECT VALUE COUNT(1) ${text}`, parameters };

  const requests = await requestsOf(async () => {
    expect(await feeds.query(["a", 0], sorted)).toMatchObject([{ id: "1" }]);
    expect(await feeds.query(["a", 0], counted)).toEqual([1]);
    expect(await feeds.page(["a", 0], sorted, { limit: 10 })).toMatchObject({
      documents: [{ id: "1" }],
    });
  });

  expect(requests).toEqual([["Query", 3]]);
});

test("a query across logical partitions is answered too: there the plan is asked for", async () => {
  const feeds = cosmos.documentsIn("feeds");
  await feeds.create({ id: "2", feed: "b", bucket: 1, number: 7 });
  await feeds.create({ id: "3", feed: "b", bucket: 2, number: 9 });
  const query = {
    query: "SELECT VALUE c.number FROM c WHERE c.feed = @feed ORDER BY c.number DESC",
    parameters: [{ name: "@feed", value: "b" }],
  };

  const requests = await requestsOf(async () => {
    const { documents } = await feeds.page(undefined, query, { limit: 10 });
    expect(documents).toEqual([9, 7]);
  });

  expect(requests).toContainEqual(["QueryPlan", 1]);
});
