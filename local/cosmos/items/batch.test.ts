import { BulkOperationType, type Container, type OperationInput } from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import { failureOf, setStage } from "../test-support.ts";

const createThings = async (): Promise<Container> => (await setStage()).createContainer();

const create = (id: string, members: object = {}): OperationInput => ({
  operationType: "Create",
  resourceBody: { id, pk: "a", ...members },
});

const idsIn = async (things: Container): Promise<string[]> => {
  const { resources } = await things.items
    .query<string>("SELECT VALUE c.id FROM c ORDER BY c.id", { partitionKey: "a" })
    .fetchAll();
  return resources;
};

describe("a batch", () => {
  test("does all of it, whatever the operations, and tells the outcome of each", async () => {
    const things = await createThings();
    await things.items.batch([create("1"), create("2", { n: 1 }), create("3")], "a");

    const { code, result } = await things.items.batch(
      [
        { operationType: "Read", id: "1" },
        { operationType: "Replace", id: "1", resourceBody: { id: "1", pk: "a", n: 5 } },
        { operationType: "Upsert", resourceBody: { id: "4", pk: "a" } },
        {
          operationType: "Patch",
          id: "2",
          resourceBody: { operations: [{ op: "incr", path: "/n", value: 1 }] },
        },
        { operationType: "Delete", id: "3" },
      ],
      "a",
    );

    expect(code).toBe(200);
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([200, 200, 201, 200, 204]);
    expect(result?.[3]?.resourceBody).toMatchObject({ id: "2", n: 2 });
    expect(result?.[1]?.eTag).toBe(result?.[1]?.resourceBody?.["_etag"]);
    expect(await idsIn(things)).toEqual(["1", "2", "4"]);
  });

  test.each<[string, OperationInput, number]>([
    ["a conflict", create("0"), 409],
    ["an item that is missing", { operationType: "Delete", id: "9" }, 404],
    [
      "an ETag of old",
      {
        operationType: "Replace",
        id: "0",
        ifMatch: '"old"',
        resourceBody: { id: "0", pk: "a" },
      },
      412,
    ],
    [
      "a condition that does not hold",
      {
        operationType: "Patch",
        id: "0",
        resourceBody: {
          condition: "from c where c.n = 1",
          operations: [{ op: "set", path: "/n", value: 2 }],
        },
      },
      412,
    ],
    ["an item of another partition", create("5", { pk: "b" }), 400],
  ])("writes nothing after %s, which it tells among 424s", async (_, failing, status) => {
    const things = await createThings();
    await things.items.create({ id: "0", pk: "a" });

    const { code, result } = await things.items.batch([create("1"), failing, create("2")], "a");

    expect(code).toBe(207);
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([424, status, 424]);
    expect(await idsIn(things)).toEqual(["0"]);
  });

  test("goes on after its own writes, and gives them one place in the change feed", async () => {
    const things = await createThings();

    const { code } = await things.items.batch(
      [
        create("1", { n: 1 }),
        { operationType: "Replace", id: "1", resourceBody: { id: "1", pk: "a", n: 2 } },
        { operationType: "Read", id: "1" },
      ],
      "a",
    );

    expect(code).toBe(200);
    const { resource } = await things.item("1", "a").read<{ n: number }>();
    expect(resource?.n).toBe(2);
  });

  test("tells no items back to who does not want them, but those that were read", async () => {
    const things = await createThings();

    const { result } = await things.items.batch(
      [create("1"), { operationType: "Read", id: "1" }],
      "a",
      { contentResponseOnWriteEnabled: false },
    );

    expect(result?.map(({ resourceBody }) => resourceBody?.["id"])).toEqual([undefined, "1"]);
  });

  test("of reads gives every item, is charged for each, and is no transaction of its own", async () => {
    const things = await createThings();
    const made = await things.items.batch([create("1"), create("2", { n: 2 })], "a");
    const reads: OperationInput[] = [
      { operationType: "Read", id: "1" },
      { operationType: "Read", id: "2" },
    ];

    const { code, headers, result } = await things.items.batch(reads, "a");

    expect(code).toBe(200);
    expect(result?.map(({ resourceBody }) => resourceBody?.["id"])).toEqual(["1", "2"]);
    expect(result?.map(({ eTag }) => eTag)).toEqual(made.result?.map(({ eTag }) => eTag));
    expect(Number(headers["x-ms-request-charge"])).toBe(2);
    expect(headers["lsn"]).toBe(made.headers["lsn"]);
  });

  test("of reads gives nothing when one item is missing or of another partition, and says which", async () => {
    const things = await createThings();
    await things.items.create({ id: "1", pk: "a" });
    await things.items.create({ id: "2", pk: "b" });

    const { code, result } = await things.items.batch(
      [
        { operationType: "Read", id: "1" },
        { operationType: "Read", id: "2" },
      ],
      "a",
    );

    expect(code).toBe(207);
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([424, 404]);
    expect(result?.map(({ resourceBody }) => resourceBody)).toEqual([undefined, undefined]);
  });

  test("takes up to a hundred operations", async () => {
    const things = await createThings();
    const hundred = Array.from({ length: 100 }, (_, index) => create(`i${index}`));

    expect((await things.items.batch(hundred, "a")).code).toBe(200);
    const failure = await failureOf(things.items.batch([...hundred, create("more")], "a"));
    expect(failure.message).toContain("100");
  });

  test("with the ETag of a head leaves one row for each success of twenty writers", async () => {
    const things = await createThings();
    await things.items.create({ id: "head", pk: "a", n: 0 });

    const append = async (name: string): Promise<void> => {
      for (;;) {
        const { resource } = await things.item("head", "a").read<{ n: number; _etag: string }>();
        const n = (resource?.n ?? 0) + 1;
        const { code } = await things.items.batch(
          [
            {
              operationType: "Replace",
              id: "head",
              ifMatch: resource?._etag ?? "",
              resourceBody: { id: "head", pk: "a", n },
            },
            create(`row-${n}`, { name }),
          ],
          "a",
        );
        if (code === 200) return;
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => append(`writer ${index}`)));

    const rows = (await idsIn(things)).filter((id) => id.startsWith("row-"));
    expect(rows).toHaveLength(20);
    expect((await things.item("head", "a").read<{ n: number }>()).resource?.n).toBe(20);
  });
});

describe("bulk", () => {
  test("runs each operation for itself, over all partitions", async () => {
    const things = await createThings();
    await things.items.create({ id: "1", pk: "a" });

    const answers = await things.items.executeBulkOperations([
      {
        operationType: BulkOperationType.Create,
        partitionKey: "a",
        resourceBody: { id: "1", pk: "a" },
      },
      {
        operationType: BulkOperationType.Create,
        partitionKey: "b",
        resourceBody: { id: "2", pk: "b" },
      },
      { operationType: BulkOperationType.Delete, partitionKey: "c", id: "3" },
    ]);

    const codes = answers.map(({ response, error }) => response?.statusCode ?? error?.code);
    expect(codes).toEqual([409, 201, 404]);
  });
});
