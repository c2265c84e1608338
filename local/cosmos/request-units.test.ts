import type { Container } from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import { connect, failureOf, setStage } from "./test-support.ts";

const kilobytes = (count: number): string => "x".repeat(count * 1024 - 300);

describe("the charge", () => {
  test("of an operation is the documented one, and grows with the item", async () => {
    const things = await (await setStage()).createContainer();
    const chargesOf = async (size: number): Promise<number[]> => {
      const item = { id: `i${size}`, pk: "a", x: kilobytes(size) };
      const created = await things.items.create(item);
      const read = await things.item(item.id, "a").read();
      const replaced = await things.item(item.id, "a").replace(item);
      const patched = await things
        .item(item.id, "a")
        .patch([{ op: "set", path: "/n", value: size }]);
      const deleted = await things.item(item.id, "a").delete();
      return [created, read, replaced, patched, deleted].map(({ requestCharge }) => requestCharge);
    };

    expect(await chargesOf(1)).toEqual([4.95, 1, 9.9, 9.9, 4.95]);
    expect(await chargesOf(4)).toEqual([6.67, 1.14, 13.34, 13.34, 6.67]);
    expect(await chargesOf(8)).toEqual([7.62, 1.32, 15.24, 15.24, 7.62]);
    expect(await chargesOf(100)).toEqual([50, 10, 100, 100, 50]);
    expect(await chargesOf(200)).toEqual([98.19, 19.92, 196.38, 196.38, 98.19]);
  });

  test("of a batch is that of its operations", async () => {
    const things = await (await setStage()).createContainer();

    const { result, code } = await things.items.batch(
      ["1", "2"].map((id) => ({
        operationType: "Create" as const,
        resourceBody: { id, pk: "a", x: kilobytes(1) },
      })),
      "a",
    );

    expect(code).toBe(200);
    expect(result?.map(({ requestCharge }) => requestCharge)).toEqual([4.95, 4.95]);
  });

  test("of a query grows with what it looks at, not with what else there is", async () => {
    const things = await (await setStage()).createContainer();
    const ask = async (query: string, partitionKey: string): Promise<number> =>
      (await things.items.query(query, { partitionKey }).fetchAll()).requestCharge;
    for (let index = 0; index < 20; index++) {
      await things.items.create({ id: `${index}`, pk: "a", n: index });
    }
    const before = await ask("SELECT * FROM c WHERE c.n > 17", "a");
    await things.items.create({ id: "other", pk: "b", n: 18 });

    expect(await ask("SELECT * FROM c WHERE c.n > 17", "a")).toBe(before);
    expect(await ask("SELECT * FROM c WHERE c.n > 10", "a")).toBeGreaterThan(before);
    expect(await ask("SELECT * FROM c WHERE c.n > 17", "none")).toBe(2.25);
  });

  test("and the number of requests are counted by container and operation", async () => {
    const { cosmos, createContainer } = await setStage();
    const things = await createContainer();
    await createContainer({ id: "others" });
    cosmos.counters.reset();

    await things.items.create({ id: "1", pk: "a" });
    await things.item("1", "a").read();
    await failureOf(things.items.create({ id: "1", pk: "a" }));

    expect(cosmos.counters.list()).toEqual([
      { container: "things", operation: "Create", requestCount: 2, requestUnits: 5.95 },
      { container: "things", operation: "Read", requestCount: 1, requestUnits: 1 },
    ]);
    expect(cosmos.counters.total({ container: "others" }).requestCount).toBe(0);
    expect(cosmos.counters.total()).toEqual({ requestCount: 3, requestUnits: 6.95 });
  });
});

describe("a budget", () => {
  const createdUntilRefused = async (things: Container): Promise<number> => {
    for (let count = 0; ; count++) {
      const refusal = await things.items
        .create({ id: `${count}`, pk: "a" })
        .then(() => undefined, failureOfItself);
      if (refusal !== undefined) return count;
    }
  };
  const failureOfItself = (error: unknown): unknown => error;

  test("that is spent is answered with 429 and when to try again; time fills it", async () => {
    const stage = await setStage({ requestUnitBudgets: { things: 19 } });
    await stage.createContainer();
    const impatient = connect(stage.cosmos, {
      connectionPolicy: { retryOptions: { maxRetryAttemptCount: 0 } },
    });
    const things = impatient.database("stage").container("things");

    const count = await createdUntilRefused(things);
    const refusal = await failureOf(things.items.create({ id: "x", pk: "a" }));
    await stage.clock.advance(1000);
    const later = await things.items.create({ id: "y", pk: "a" });

    // Four creates of 4.95; the one that overdraws is still served.
    expect(count).toBe(4);
    expect(refusal).toMatchObject({ code: 429, substatus: 3200 });
    expect(later.statusCode).toBe(201);
  });

  test("is of one container, and the SDK waits for it by itself", async () => {
    // A create of 4.95 overdraws it by what is filled in 11 ms.
    const budgets = { things: 4.9 };
    const { createContainer, clock, cosmos } = await setStage({ requestUnitBudgets: budgets });
    const things = await createContainer();
    const others = await createContainer({ id: "others" });
    await things.items.create({ id: "1", pk: "a" });

    for (let index = 0; index < 5; index++) await others.items.create({ id: `${index}`, pk: "a" });
    const waiting = things.items.create({ id: "2", pk: "a" });
    while (cosmos.counters.total({ container: "things" }).requestCount < 2) {
      await others.item("1", "a").read();
    }
    await clock.advance(11);

    expect((await waiting).statusCode).toBe(201);
  });
});
