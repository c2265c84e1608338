import {
  ChangeFeedStartFrom,
  type ChangeFeedIteratorOptions,
  type Container,
  type PartitionKey,
  PartitionKeyDefinitionVersion,
  PartitionKeyKind,
} from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import { askDirectly, connect, failureOf, setStage } from "./test-support.ts";

interface Change {
  readonly id: string;
  readonly pk: string;
  readonly n?: number;
  readonly _lsn: number;
}

/** Reads until nothing is new in any range. */
async function drain(
  container: Container,
  options: ChangeFeedIteratorOptions,
): Promise<{ changes: Change[]; pages: number[]; token: string }> {
  const changes: Change[] = [];
  const pages: number[] = [];
  const feed = container.items.getChangeFeedIterator<Change>(options);
  for (;;) {
    const { result, statusCode, continuationToken } = await feed.readNext();
    if (statusCode === 304) return { changes, pages, token: continuationToken };
    changes.push(...result);
    pages.push(result.length);
  }
}

/** Whose results have a type that cannot be named. */
type Start = ReturnType<
  (typeof ChangeFeedStartFrom)["Beginning" | "Now" | "Time" | "Continuation"]
>;

const from = (start: Start): ChangeFeedIteratorOptions => ({
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- as the SDK's own examples do
  changeFeedStartFrom: start,
});

const beginning = (scope?: PartitionKey): ChangeFeedIteratorOptions =>
  from(
    scope === undefined ? ChangeFeedStartFrom.Beginning() : ChangeFeedStartFrom.Beginning(scope),
  );

const idsOf = (changes: readonly Change[]): string[] => changes.map(({ id }) => id);

const add = async (things: Container, pk: string, ...ids: string[]): Promise<void> => {
  for (const id of ids) await things.items.create({ id, pk });
};

describe("the change feed", () => {
  test("tells each live item once, at its last change, in the order of changes", async () => {
    const things = await (await setStage()).createContainer();
    await add(things, "a", "1", "2", "3", "4");
    await things.item("1", "a").patch([{ op: "set", path: "/n", value: 7 }]);
    await things.item("3", "a").delete();

    const { changes } = await drain(things, beginning("a"));

    expect(idsOf(changes)).toEqual(["2", "4", "1"]);
    expect(changes.at(-1)).toMatchObject({ n: 7 });
    const sequence = changes.map(({ _lsn }) => _lsn);
    expect([...sequence].sort((x, y) => x - y)).toEqual(sequence);
  });

  test("from now on is empty until something changes, however often it is asked", async () => {
    const things = await (await setStage()).createContainer();
    await add(things, "a", "1");
    const feed = things.items.getChangeFeedIterator<Change>(from(ChangeFeedStartFrom.Now("a")));

    const nothing = await feed.readNext();
    const still = await feed.readNext();
    await add(things, "a", "2");
    const something = await feed.readNext();

    expect([nothing.statusCode, still.statusCode]).toEqual([304, 304]);
    expect(idsOf(something.result)).toEqual(["2"]);
  });

  test("from a time on has what changed then or later", async () => {
    const { createContainer, clock } = await setStage();
    const things = await createContainer();
    await add(things, "a", "1");
    await clock.advance(60_000);
    await add(things, "a", "2");

    const { changes } = await drain(
      things,
      from(ChangeFeedStartFrom.Time(new Date(clock.now()), "a")),
    );

    expect(idsOf(changes)).toEqual(["2"]);
  });

  test("is resumed by its token, by another client, at the very next change", async () => {
    const { cosmos, createContainer } = await setStage();
    const things = await createContainer();
    await add(things, "a", "1", "2", "3");
    const feed = things.items.getChangeFeedIterator<Change>({
      ...beginning("a"),
      maxItemCount: 2,
    });
    const { continuationToken } = await feed.readNext();
    await add(things, "a", "4");

    const again = connect(cosmos).database("stage").container("things");
    const { changes } = await drain(
      again,
      from(ChangeFeedStartFrom.Continuation(continuationToken)),
    );

    expect(idsOf(changes)).toEqual(["3", "4"]);
  });

  test("of each range together has every item once", async () => {
    const { createContainer } = await setStage({ partitionRanges: 4 });
    const things = await createContainer();
    const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
    for (const key of keys) await add(things, key, key);

    const ranges = await things.getFeedRanges();
    const feeds = await Promise.all(
      ranges.map((range) => drain(things, from(ChangeFeedStartFrom.Beginning(range)))),
    );
    const whole = await drain(things, beginning());

    expect(ranges).toHaveLength(4);
    expect(feeds.every(({ changes }) => changes.length > 0)).toBe(true);
    const together = feeds.flatMap(({ changes }) => idsOf(changes));
    expect(together.sort()).toEqual([...keys].sort());
    expect(idsOf(whole.changes).sort()).toEqual([...keys].sort());
  });

  test("of a key tells nothing of another, nor that of the beginning of a key of its siblings", async () => {
    const { createContainer } = await setStage();
    const feeds = await createContainer({
      partitionKey: {
        paths: ["/pk", "/bucket"],
        kind: PartitionKeyKind.MultiHash,
        version: PartitionKeyDefinitionVersion.V2,
      },
    });
    for (const [pk, bucket] of [
      ["x", 0],
      ["x", 1],
      ["y", 0],
    ] as const) {
      await feeds.items.create({ id: `${pk}${bucket}`, pk, bucket });
    }

    expect(idsOf((await drain(feeds, beginning(["x", 1]))).changes)).toEqual(["x1"]);
    expect(idsOf((await drain(feeds, beginning(["x"]))).changes)).toEqual(["x0", "x1"]);
  });

  test("never tears a batch apart, and pages the rest", async () => {
    const things = await (await setStage()).createContainer();
    await add(things, "a", "1");
    const batch = ["2", "3", "4"].map((id) => ({
      operationType: "Create" as const,
      resourceBody: { id, pk: "a" },
    }));
    await things.items.batch(batch, "a");
    await add(things, "a", "5");

    const { changes, pages } = await drain(things, { ...beginning("a"), maxItemCount: 2 });

    expect(idsOf(changes)).toEqual(["1", "2", "3", "4", "5"]);
    expect(pages).toEqual([4, 1]);
    const [, second, third, fourth] = changes;
    expect(new Set([second?._lsn, third?._lsn, fourth?._lsn]).size).toBe(1);
  });

  test("shows no trace of a batch that failed", async () => {
    const things = await (await setStage()).createContainer();
    await add(things, "a", "1");
    await things.items.batch(
      [
        { operationType: "Create", resourceBody: { id: "2", pk: "a" } },
        { operationType: "Create", resourceBody: { id: "1", pk: "a" } },
      ],
      "a",
    );

    expect(idsOf((await drain(things, beginning("a"))).changes)).toEqual(["1"]);
  });

  test("is read past many changes of other partitions", async () => {
    const things = await (await setStage()).createContainer();
    await add(things, "a", "1");
    for (let index = 0; index < 50; index++) await add(things, "b", `b${index}`);
    await add(things, "a", "2");

    expect(idsOf((await drain(things, beginning("a"))).changes)).toEqual(["1", "2"]);
  });

  test("of all versions and deletes is not supported by the local emulator", async () => {
    const { cosmos, createContainer } = await setStage();
    await createContainer();

    const { status, body } = await askDirectly(cosmos, {
      method: "GET",
      path: "/dbs/stage/colls/things/docs",
      headers: { "a-im": "Full-Fidelity Feed", "x-ms-documentdb-partitionkeyrangeid": "0" },
    });

    expect(status).toBe(400);
    expect(body).toMatchObject({
      message: expect.stringContaining("not supported by the local emulator") as string,
    });
  });

  test("knows a range that is not there as split, and a token that is none as malformed", async () => {
    const { cosmos, createContainer } = await setStage();
    await createContainer();
    const ask = async (range: string, etag: string): Promise<unknown[]> => {
      const { status, headers } = await askDirectly(cosmos, {
        method: "GET",
        path: "/dbs/stage/colls/things/docs",
        headers: {
          "a-im": "Incremental Feed",
          "x-ms-documentdb-partitionkeyrangeid": range,
          "if-none-match": etag,
        },
      });
      return [status, headers.get("x-ms-substatus")];
    };

    expect(await ask("9", '"0"')).toEqual([410, "1002"]);
    expect(await ask("0", "x")).toEqual([400, null]);
    expect(await ask("0", '"0"')).toEqual([304, null]);
  });
});

test("a container that was made again has another feed", async () => {
  const { createContainer } = await setStage();
  const things = await createContainer();
  await add(things, "a", "1");
  const { token } = await drain(things, beginning("a"));
  await things.delete();
  await createContainer();

  const feed = things.items.getChangeFeedIterator<Change>(
    from(ChangeFeedStartFrom.Continuation(token)),
  );

  expect(await failureOf(feed.readNext())).toBeDefined();
});
