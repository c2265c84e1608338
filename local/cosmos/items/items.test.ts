import type { Container, PartitionKey } from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import { askDirectly, connect, failureOf, setStage } from "../test-support.ts";

const createThings = async (): Promise<Container> => (await setStage()).createContainer();

describe("an item", () => {
  test("that was created can be read, replaced, and deleted", async () => {
    const things = await createThings();

    const created = await things.items.create({ id: "1", pk: "a", n: 1 });
    const replaced = await things.item("1", "a").replace({ id: "1", pk: "a", n: 2 });
    const read = await things.item("1", "a").read<{ n: number }>();
    const deleted = await things.item("1", "a").delete();
    const gone = await things.item("1", "a").read();

    expect([created.statusCode, replaced.statusCode, deleted.statusCode]).toEqual([201, 200, 204]);
    expect(read.resource).toMatchObject({ id: "1", pk: "a", n: 2 });
    expect([gone.statusCode, gone.resource]).toEqual([404, undefined]);
  });

  test("has the service's properties; only its ETag and time change", async () => {
    const { createContainer, clock } = await setStage();
    const things = await createContainer();

    const { resource: first } = await things.items.create({ id: "1", pk: "a" });
    await clock.advance(2000);
    const { resource: second, etag } = await things.items.upsert({ id: "1", pk: "a" });

    expect(first?._ts).toBe(Date.UTC(2026, 0, 5, 11) / 1000);
    expect(second).toMatchObject({ _rid: first?._rid, _self: first?._self, _etag: etag });
    expect(second?._ts).toBe((first?._ts ?? 0) + 2);
    expect(etag).toMatch(/^".+"$/);
    expect(etag).not.toBe(first?._etag);
  });

  test("is created or replaced by an upsert, which says which", async () => {
    const things = await createThings();

    const first = await things.items.upsert({ id: "1", pk: "a" });
    const second = await things.items.upsert({ id: "1", pk: "a", n: 2 });

    expect([first.statusCode, second.statusCode]).toEqual([201, 200]);
  });

  test("cannot be created twice in a partition, but once in each", async () => {
    const things = await createThings();
    await things.items.create({ id: "1", pk: "a", n: 1 });
    await things.items.create({ id: "1", pk: "b", n: 2 });

    const again = await failureOf(things.items.create({ id: "1", pk: "a" }));

    expect(again.code).toBe(409);
    expect((await things.item("1", "a").read<{ n: number }>()).resource?.n).toBe(1);
    expect((await things.item("1", "b").read<{ n: number }>()).resource?.n).toBe(2);
  });

  test.each<[string, PartitionKey, object]>([
    ["a text", "a", { pk: "a" }],
    ["an empty text", "", { pk: "" }],
    ["a number", 7, { pk: 7 }],
    ["a text of digits", "7", { pk: "7" }],
    ["true", true, { pk: true }],
    ["null", null, { pk: null }],
    ["none", {}, {}],
  ])("has a key of any type: %s", async (_, key, members) => {
    const things = await createThings();
    for (const pk of ["a", "", 7, "7", true, null]) {
      await things.items.create({ id: "1", pk, isThis: false });
    }
    await things.items.create({ id: "1", isThis: false });

    await things.items.upsert({ id: "1", ...members, isThis: true });

    const { resource } = await things.item("1", key).read<{ isThis: boolean }>();
    expect(resource?.isThis).toBe(true);
    const marked = things.items.query("SELECT VALUE c.id FROM c WHERE c.isThis");
    expect((await marked.fetchAll()).resources).toHaveLength(1);
  });

  test.each<[string, object | string, string, number, string | null]>([
    ["no id", { pk: "a" }, '["a"]', 400, null],
    ["an id that is no text", { id: 1, pk: "a" }, '["a"]', 400, null],
    ["an id with a slash", { id: "a/b", pk: "a" }, '["a"]', 400, null],
    ["an id that is too long", { id: "x".repeat(1024), pk: "a" }, '["a"]', 400, null],
    ["another key than the header's", { id: "1", pk: "b" }, '["a"]', 400, "1001"],
    ["no key in the header", { id: "1", pk: "a" }, "[]", 400, "1001"],
    ["a header that is no JSON", { id: "1", pk: "a" }, "a", 400, "1001"],
    ["a key that is an object", { id: "1", pk: { a: 1 } }, '["a"]', 400, null],
    ["a body that is no JSON", "{", '["a"]', 400, null],
    ["a ttl of 0", { id: "1", pk: "a", ttl: 0 }, '["a"]', 400, null],
    ["a ttl that is no integer", { id: "1", pk: "a", ttl: "1" }, '["a"]', 400, null],
    ["more than 2 MB", { id: "1", pk: "a", x: "x".repeat(2 ** 21) }, '["a"]', 413, null],
  ])("is refused with %s", async (_, body, key, status, substatus) => {
    const { cosmos, createContainer } = await setStage();
    const things = await createContainer();

    const answer = await askDirectly(cosmos, {
      method: "POST",
      path: "/dbs/stage/colls/things/docs",
      headers: { "x-ms-documentdb-partitionkey": key },
      body,
    });

    expect([answer.status, answer.headers.get("x-ms-substatus")]).toEqual([status, substatus]);
    expect((await things.items.readAll().fetchAll()).resources).toEqual([]);
  });

  test("cannot move to another partition", async () => {
    const things = await createThings();
    await things.items.create({ id: "1", pk: "a" });

    const failure = await failureOf(things.item("1", "a").replace({ id: "1", pk: "b" }));

    expect(failure).toMatchObject({ code: 400, substatus: 1001 });
  });

  test("is gone with all others of its partition when that is deleted", async () => {
    const things = await createThings();
    for (const pk of ["a", "b"]) await things.items.create({ id: "1", pk });

    await things.deleteAllItemsForPartitionKey("a");

    const { resources } = await things.items.readAll<{ pk: string }>().fetchAll();
    expect(resources.map(({ pk }) => pk)).toEqual(["b"]);
  });

  test("that is missing cannot be replaced, patched or deleted", async () => {
    const item = (await createThings()).item("1", "a");

    const failures = await Promise.all([
      failureOf(item.replace({ id: "1", pk: "a" })),
      failureOf(item.patch([{ op: "set", path: "/n", value: 1 }])),
      failureOf(item.delete()),
    ]);

    expect(failures.map(({ code }) => code)).toEqual([404, 404, 404]);
  });
});

describe("an ETag", () => {
  test("lets a write through while it is the item's", async () => {
    const things = await createThings();
    const { etag: condition } = await things.items.create({ id: "1", pk: "a" });
    const accessCondition = { type: "IfMatch", condition };
    const item = things.item("1", "a");

    const first = await item.replace({ id: "1", pk: "a", n: 1 }, { accessCondition });
    const failures = await Promise.all([
      failureOf(item.replace({ id: "1", pk: "a" }, { accessCondition })),
      failureOf(things.items.upsert({ id: "1", pk: "a" }, { accessCondition })),
      failureOf(item.patch([{ op: "set", path: "/n", value: 2 }], { accessCondition })),
      failureOf(item.delete({ accessCondition })),
    ]);

    expect(first.statusCode).toBe(200);
    expect(failures.map(({ code }) => code)).toEqual([412, 412, 412, 412]);
    expect((await item.read<{ n: number }>()).resource?.n).toBe(1);
  });

  test("does not hinder an upsert of an item that is not there", async () => {
    const things = await createThings();
    const accessCondition = { type: "IfMatch", condition: '"none"' };

    const { statusCode } = await things.items.upsert({ id: "1", pk: "a" }, { accessCondition });

    expect(statusCode).toBe(201);
  });

  test("spares who has it the reading", async () => {
    const things = await createThings();
    const { etag: condition } = await things.items.create({ id: "1", pk: "a" });
    const accessCondition = { type: "IfNoneMatch", condition };
    const item = things.item("1", "a");

    const same = await item.read({ accessCondition });
    await item.replace({ id: "1", pk: "a" });
    const changed = await item.read({ accessCondition });

    expect([same.statusCode, same.resource]).toEqual([304, null]);
    expect(changed.statusCode).toBe(200);
  });

  test("makes just one of many writers win", async () => {
    const { cosmos, createContainer } = await setStage();
    const { etag: condition } = await (await createContainer()).items.create({ id: "1", pk: "a" });

    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        connect(cosmos)
          .database("stage")
          .container("things")
          .item("1", "a")
          .replace({ id: "1", pk: "a", n }, { accessCondition: { type: "IfMatch", condition } }),
      ),
    );

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});
