import type { Container, FeedOptions } from "@azure/cosmos";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { setStage } from "../test-support.ts";

interface Step {
  readonly kind: "insert" | "delete" | "page";
  readonly id: number;
  readonly n: number;
  readonly pageSize: number;
}

const id = fc.nat({ max: 30 });
const n = fc.integer({ min: 0, max: 6 });

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom("insert", "delete", "page"),
    id,
    n,
    pageSize: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 25 },
);

const start = fc.uniqueArray(fc.tuple(id, n), { selector: ([key]) => key, maxLength: 10 });

interface Found {
  readonly id: string;
  /** Another one when an item is made again with the same id. */
  readonly _rid: string;
  readonly n: number;
}

/** Reads page after page, each by a new iterator that has only the token of the one before. */
class Reader {
  readonly found: Found[] = [];
  isDone = false;
  #token: string | undefined;
  readonly #container: Container;
  readonly #query: string;
  readonly #options: FeedOptions;

  constructor(container: Container, query: string, options: FeedOptions) {
    this.#container = container;
    this.#query = query;
    this.#options = options;
  }

  async readPage(maxItemCount: number): Promise<void> {
    if (this.isDone) return;
    const page = await this.#container.items
      .query<Found>(this.#query, {
        ...this.#options,
        maxItemCount,
        ...(this.#token !== undefined && { continuationToken: this.#token }),
      })
      .fetchNext();
    this.found.push(...page.resources);
    this.#token = page.continuationToken;
    this.isDone = !page.hasMoreResults;
  }

  async readRest(): Promise<void> {
    while (!this.isDone) await this.readPage(2);
  }
}

interface World {
  readonly container: Container;
  readonly keyOf: (id: number) => string;
  /** Ids that are there now, and those that have been there all the time. */
  readonly present: Set<number>;
  readonly steady: Set<number>;
}

async function change({ container, keyOf, present, steady }: World, step: Step): Promise<void> {
  const key = String(step.id);
  const pk = keyOf(step.id);
  if (step.kind === "insert" && !present.has(step.id)) {
    await container.items.create({ id: key, pk, n: step.n });
    present.add(step.id);
  } else if (step.kind === "delete" && present.has(step.id)) {
    await container.item(key, pk).delete();
    present.delete(step.id);
    steady.delete(step.id);
  }
}

const isSorted = (list: readonly Found[], direction: number): boolean =>
  list.every((item, at) => at === 0 || ((list[at - 1]?.n ?? 0) - item.n) * direction <= 0);

describe("pages neither repeat nor skip, whatever is inserted and deleted between them", () => {
  test.each<[string, string, FeedOptions, number]>([
    ["in ascending order", "SELECT * FROM c ORDER BY c.n", { partitionKey: "p" }, 1],
    ["in descending order", "SELECT * FROM c ORDER BY c.n DESC", { partitionKey: "p" }, -1],
    ["of a range of values", "SELECT * FROM c WHERE c.n >= 0", { partitionKey: "p" }, 0],
    ["in no order", "SELECT * FROM c", { partitionKey: "p" }, 0],
    ["over partitions", "SELECT * FROM c WHERE c.n >= 0", {}, 0],
  ])(
    "%s",
    async (_, query, options, direction) => {
      const { createContainer } = await setStage();
      const isSpread = options.partitionKey === undefined;
      const keyOf = (key: number): string => (isSpread ? `p${key % 3}` : "p");
      let count = 0;

      await fc.assert(
        fc.asyncProperty(start, steps, async (initial, script) => {
          const container = await createContainer({
            id: `things${count++}`,
          });
          const present = new Set<number>();
          const world: World = {
            container,
            keyOf,
            present,
            steady: new Set(initial.map(([key]) => key)),
          };
          for (const [key, value] of initial) {
            await container.items.create({ id: String(key), pk: keyOf(key), n: value });
            present.add(key);
          }
          const reader = new Reader(container, query, options);

          for (const step of script) {
            await change(world, step);
            if (step.kind === "page") await reader.readPage(step.pageSize);
          }
          await reader.readRest();

          const ids = reader.found.map((item) => item.id);
          const missed = [...world.steady].filter((key) => !ids.includes(String(key)));
          expect(missed).toEqual([]);
          expect(new Set(reader.found.map(({ _rid }) => _rid)).size).toBe(reader.found.length);
          expect(isSorted(reader.found, direction)).toBe(true);
        }),
        { numRuns: 25 },
      );
    },
    30_000,
  );
});
