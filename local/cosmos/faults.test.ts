import type { Container } from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import type { Fault, FaultEffect } from "./faults.ts";
import { failureOf, setStage, type Stage } from "./test-support.ts";

async function arrange(): Promise<Stage & { things: Container }> {
  const stage = await setStage();
  const things = await stage.createContainer();
  await things.items.create({ id: "there", pk: "a", n: 0 });
  return { ...stage, things };
}

const create = (things: Container, id = "new"): Promise<unknown> =>
  things.items.create({ id, pk: "a" });

const isThere = async (things: Container, id = "new"): Promise<boolean> =>
  (await things.item(id, "a").read()).statusCode === 200;

const status = (code: 403 | 404 | 408 | 410 | 429 | 449 | 500 | 503): FaultEffect => ({
  kind: "status",
  status: code,
});

describe("a fault", () => {
  test.each([408, 410, 449, 500, 503] as const)(
    "%i: the request is not run, and the SDK does not repeat a write",
    async (code) => {
      const { cosmos, things } = await arrange();
      cosmos.faults.add({ effect: status(code), operations: ["Create"], count: 1 });

      const failure = await failureOf(create(things));

      // The SDK tells of a range that is gone as of a service that is.
      expect([code, 503]).toContain(failure.code);
      expect(await isThere(things)).toBe(false);
      await create(things);
      expect(await isThere(things)).toBe(true);
    },
  );

  test.each([
    ["429", { ...status(429), retryAfterInMs: 1 }],
    ["404/1002: read session not available", { ...status(404), substatus: 1002 }],
  ] as [string, FaultEffect][])("%s: the SDK repeats everything", async (_, effect) => {
    const { cosmos, things } = await arrange();
    cosmos.faults.add({ effect, operations: ["Create", "Read", "Batch", "Patch"], count: 1 });

    await create(things);

    expect(await isThere(things)).toBe(true);
    expect(cosmos.counters.total({ operation: "Create" }).requestCount).toBeGreaterThan(1);
  });

  test("503: the SDK repeats a read", async () => {
    const { cosmos, things } = await arrange();
    cosmos.faults.add({ effect: status(503), operations: ["Read"], count: 1 });

    expect(await isThere(things, "there")).toBe(true);
  });

  test("reset before the commit: the client cannot know, nothing happened", async () => {
    const { cosmos, things } = await arrange();
    const effect = { kind: "reset", when: "before-commit" } as const;
    cosmos.faults.add({ effect, operations: ["Create"], count: 1 });

    expect((await failureOf(create(things))).code).toBe("ECONNRESET");
    expect(await isThere(things)).toBe(false);
  });

  test("reset after the commit: the client cannot know, it happened", async () => {
    const { cosmos, things } = await arrange();
    const effect = { kind: "reset", when: "after-commit" } as const;
    cosmos.faults.add({ effect, operations: ["Create", "Batch"], count: 2 });

    expect((await failureOf(create(things))).code).toBe("ECONNRESET");
    const batch = things.items.batch(
      [{ operationType: "Create", resourceBody: { id: "in batch", pk: "a" } }],
      "a",
    );
    expect((await failureOf(batch)).message).toMatch(/ECONNRESET|socket hang up/);
    expect(await isThere(things)).toBe(true);
    expect(await isThere(things, "in batch")).toBe(true);
    expect((await failureOf(create(things))).code).toBe(409);
  });

  test("delay: the request runs when its time has come, by the given clock", async () => {
    const { clock, cosmos, things } = await arrange();
    const effect = { kind: "delay", delayInMs: 60_000 } as const;
    cosmos.faults.add({ effect, operations: ["Create"], count: 1 });

    let isDone = false;
    const creating = create(things).then(() => (isDone = true));
    // Later requests that are answered show that the first one is waiting.
    const before = [await isThere(things), await isThere(things), isDone];
    while (!(await isThere(things))) await clock.advance(60_000);
    await creating;

    expect(before).toEqual([false, false, false]);
    expect(isDone).toBe(true);
  });

  test("hang: no answer comes, until the client gives up", async () => {
    const { cosmos, things } = await arrange();
    cosmos.faults.add({ effect: { kind: "hang" }, operations: ["Create"], count: 1 });

    const failure = await failureOf(
      things.items.create({ id: "new", pk: "a" }, { abortSignal: AbortSignal.timeout(100) }),
    );

    expect(failure).toBeDefined();
    expect(await isThere(things)).toBe(false);
  });
});

describe("the aim of a fault", () => {
  const outcomes = async (stage: Stage & { things: Container }, fault: Omit<Fault, "effect">) => {
    stage.cosmos.faults.add({ ...fault, effect: status(500) });
    const codes: unknown[] = [];
    for (let index = 0; index < 5; index++) {
      codes.push(
        await create(stage.things, `i${index}`).then(
          () => "ok",
          () => "failed",
        ),
      );
    }
    return codes.map((code) => (code === "ok" ? "." : "x")).join("");
  };

  test("is every request of its operations and its container", async () => {
    const stage = await arrange();

    expect(await outcomes(stage, { operations: ["Create"], container: "things" })).toBe("xxxxx");
  });

  test.each<[string, Omit<Fault, "effect">, string]>([
    ["another container", { container: "others" }, "....."],
    ["another operation", { operations: ["Batch"] }, "....."],
    ["the first two", { operations: ["Create"], count: 2 }, "xx..."],
    ["the third", { operations: ["Create"], fromRequest: 3, count: 1 }, "..x.."],
    ["none by chance", { operations: ["Create"], probability: 0 }, "....."],
  ])("is %s", async (_, fault, expected) => {
    expect(await outcomes(await arrange(), fault)).toBe(expected);
  });

  test("is by chance the same for the same seed", async () => {
    const fault = { operations: ["Create"], probability: 0.5, seed: 7 } as const;

    const first = await outcomes(await arrange(), fault);

    expect(first).toContain("x");
    expect(first).toContain(".");
    expect(await outcomes(await arrange(), fault)).toBe(first);
  });

  test("is gone when the fault is taken back, or all are", async () => {
    const { cosmos, things } = await arrange();
    const takeBack = cosmos.faults.add({ effect: status(500), operations: ["Create"] });
    takeBack();
    cosmos.faults.add({ effect: status(500) });
    cosmos.faults.clear();

    await create(things);

    expect(await isThere(things)).toBe(true);
  });
});
