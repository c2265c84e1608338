import type { Container, PatchOperation, PatchRequestBody } from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import { failureOf, setStage } from "../test-support.ts";

const START = { id: "1", pk: "a", n: 1, list: [1, 2], deep: { x: 1 }, "a/b": 1, "a~b": 1 };

async function createThing(): Promise<Container> {
  const things = await (await setStage()).createContainer();
  await things.items.create(START);
  return things;
}

async function patched(operations: PatchOperation[]): Promise<unknown> {
  const things = await createThing();
  return (await things.item("1", "a").patch<object>(operations)).resource;
}

describe("a patch", () => {
  test.each<[string, PatchOperation, object]>([
    ["adds a member", { op: "add", path: "/m", value: { a: [1] } }, { m: { a: [1] } }],
    ["adds over a member", { op: "add", path: "/n", value: "x" }, { n: "x" }],
    ["inserts into an array", { op: "add", path: "/list/0", value: 0 }, { list: [0, 1, 2] }],
    ["appends to an array", { op: "add", path: "/list/-", value: 3 }, { list: [1, 2, 3] }],
    ["sets a place in an array", { op: "set", path: "/list/0", value: 0 }, { list: [0, 2] }],
    ["sets a deep member", { op: "set", path: "/deep/y", value: 2 }, { deep: { x: 1, y: 2 } }],
    ["sets null", { op: "set", path: "/n", value: null }, { n: null }],
    ["replaces", { op: "replace", path: "/deep/x", value: 2 }, { deep: { x: 2 } }],
    ["removes from an array", { op: "remove", path: "/list/0" }, { list: [2] }],
    ["increments", { op: "incr", path: "/n", value: 2.5 }, { n: 3.5 }],
    ["increments what is missing", { op: "incr", path: "/k", value: 2 }, { k: 2 }],
    ["unescapes a slash", { op: "set", path: "/a~1b", value: 2 }, { "a/b": 2 }],
    ["unescapes a tilde", { op: "set", path: "/a~0b", value: 2 }, { "a~b": 2 }],
  ])("%s", async (_, operation, change) => {
    expect(await patched([operation])).toMatchObject({ ...START, ...change });
  });

  test("moves and removes members", async () => {
    const resource = await patched([
      // The SDK's types have no such operation, the service has.
      { op: "move", from: "/deep/x", path: "/moved" } as never,
      { op: "remove", path: "/n" },
    ]);

    expect(resource).toMatchObject({ moved: 1, deep: {} });
    expect(resource).not.toHaveProperty("n");
  });

  test.each<[string, PatchOperation[]]>([
    ["of a place that is not there", [{ op: "replace", path: "/none", value: 1 }]],
    ["below a place that is not there", [{ op: "set", path: "/none/x", value: 1 }]],
    ["removing what is not there", [{ op: "remove", path: "/none" }]],
    ["beyond the end of an array", [{ op: "add", path: "/list/5", value: 1 }]],
    ["incrementing a text", [{ op: "incr", path: "/pk2", value: 1 }]],
    ["of the id", [{ op: "set", path: "/id", value: "2" }]],
    ["of the partition key", [{ op: "set", path: "/pk", value: "b" }]],
    ["of the service's properties", [{ op: "set", path: "/_ts", value: 1 }]],
    ["without operations", []],
    ["of eleven operations", Array(11).fill({ op: "incr", path: "/n", value: 1 })],
    ["by an operation that is none", [{ op: "turn", path: "/n" } as never]],
  ])("is refused as a whole: %s", async (_, operations) => {
    const things = await createThing();
    await things.item("1", "a").patch([{ op: "set", path: "/pk2", value: "text" }]);
    const { resource: before } = await things.item("1", "a").read<object>();
    const first: PatchOperation[] =
      operations.length > 0 && operations.length < 10
        ? [{ op: "set", path: "/n", value: "changed" }]
        : [];

    const failure = await failureOf(things.item("1", "a").patch([...first, ...operations]));

    expect(failure.code).toBe(400);
    expect((await things.item("1", "a").read<object>()).resource).toEqual(before);
  });

  test.each<[string, number]>([
    ["from c where c.n = 1", 200],
    ["from c where c.n = 2", 412],
    ["from c where c.none", 412],
    ["from c", 400],
    ["where c.n = 1", 400],
  ])("with the condition %j is answered with %i", async (condition, status) => {
    const things = await createThing();
    const body: PatchRequestBody = {
      condition,
      operations: [{ op: "set", path: "/n", value: 2 }],
    };

    const code = await things
      .item("1", "a")
      .patch(body)
      .then(
        ({ statusCode }) => statusCode,
        (error: unknown) => (error as { code: number }).code,
      );

    expect(code).toBe(status);
    const { resource } = await things.item("1", "a").read<{ n: number }>();
    expect(resource?.n).toBe(status === 200 ? 2 : 1);
  });

  test("is applied once for each of a hundred at the same time", async () => {
    const things = await createThing();
    const increment: PatchOperation[] = [{ op: "incr", path: "/n", value: 1 }];

    await Promise.all(Array.from({ length: 100 }, () => things.item("1", "a").patch(increment)));

    expect((await things.item("1", "a").read<{ n: number }>()).resource?.n).toBe(101);
  });
});
