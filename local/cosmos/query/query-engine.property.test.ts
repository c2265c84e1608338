import type { Container, FeedOptions, SqlQuerySpec } from "@azure/cosmos";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { setStage } from "../test-support.ts";
import {
  compare,
  type Condition,
  decide,
  type Document,
  print,
  type Scalar,
} from "./naive-query.ts";

const NAMES = ["a", "b"] as const;

/** Few values of each type, so that equal ones meet; some that are hard to write down. */
const scalar: fc.Arbitrary<Scalar> = fc.oneof(
  fc.constantFrom<Scalar>(null, true, false, 0, 1, -1, 1.5, 10, 1e21, 2 ** 60),
  fc.constantFrom(
    "",
    "a",
    "B",
    "ab",
    "é",
    "10",
    "it's",
    'say "so"',
    "back\\slash",
    "\u0001",
    "a\u0000b",
    "a\u0000c",
    "😀",
  ),
  fc.string({ maxLength: 3 }),
  // JSON knows no negative zero.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
);

const documents = fc.uniqueArray(
  fc.record(
    {
      id: fc.constantFrom(..."abcdefghijklmnop"),
      pk: fc.constantFrom("p", "q", "r"),
      a: scalar,
      b: scalar,
      n: fc.integer({ min: -3, max: 3 }),
    },
    { requiredKeys: ["id", "pk"] },
  ),
  { selector: ({ id }) => id, maxLength: 12 },
);

const name = fc.constantFrom(...NAMES);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.record({
      kind: fc.constant("compare"),
      name,
      operator: fc.constantFrom("=", "!=", "<", "<=", ">", ">="),
      to: scalar,
    }),
    fc.record({ kind: fc.constant("between"), name, low: scalar, high: scalar }),
    fc.record({
      kind: fc.constant("in"),
      name,
      list: fc.array(scalar, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("defined"), name }),
    fc.record({
      kind: fc.constantFrom("and", "or"),
      left: tie("condition"),
      right: tie("condition"),
    }),
    fc.record({ kind: fc.constant("not"), operand: tie("condition") }),
  ),
}));

const orderBy = (names: fc.Arbitrary<string>): fc.Arbitrary<Order> =>
  fc.option(fc.record({ name: names, isDescending: fc.boolean() }), { nil: undefined });

type Order = { readonly name: string; readonly isDescending: boolean } | undefined;

const orderText = (by: Order): string =>
  by === undefined ? "" : ` ORDER BY c.${by.name}${by.isDescending ? " DESC" : ""}`;

/** An ORDER BY of one path passes over what does not have it. */
function expected(all: readonly Document[], where: Condition, by: Order): readonly Document[] {
  const found = all.filter((document) => decide(where, document) === true);
  if (by === undefined) return found;
  const direction = by.isDescending ? -1 : 1;
  return found
    .filter((document) => document[by.name] !== undefined)
    .sort((x, y) => compare(x[by.name], y[by.name]) * direction);
}

async function allPages(
  container: Container,
  query: SqlQuerySpec,
  options: FeedOptions,
): Promise<Document[]> {
  const found: Document[] = [];
  const pages = container.items.query<Document>(query, options);
  while (pages.hasMoreResults()) {
    // Over partitions the SDK says "undefined" for an empty page, against its type.
    const { resources } = (await pages.fetchNext()) as { resources: Document[] | undefined };
    found.push(...(resources ?? []));
  }
  return found;
}

const idsOf = (list: readonly Document[]): string[] => list.map(({ id }) => id).sort();

/** Documents that are equal in what they are ordered by may come in any order. */
const orderOf = (list: readonly Document[], by: Order): unknown[] =>
  by === undefined ? [] : list.map((document) => document[by.name]);

/** Puts the documents into a container of their own. */
async function createWorld(): Promise<(list: readonly Document[]) => Promise<Container>> {
  const { createContainer } = await setStage();
  let count = 0;
  return async (list) => {
    const container = await createContainer({ id: `things${count++}` });
    await Promise.all(list.map((document) => container.items.create(document)));
    return container;
  };
}

const toSpec = (where: Condition, by: Order): SqlQuerySpec => {
  const values: Scalar[] = [];
  const query = `SELECT * FROM c WHERE ${print(where, values)}${orderText(by)}`;
  return { query, parameters: values.map((value, at) => ({ name: `@p${at}`, value })) };
};

describe("the query engine agrees with a naive evaluation", () => {
  test("in one partition, page by page", async () => {
    const fill = await createWorld();

    await fc.assert(
      fc.asyncProperty(
        documents,
        condition,
        orderBy(name),
        fc.integer({ min: 1, max: 5 }),
        async (list, where, by, maxItemCount) => {
          const mine = list.map((document) => ({ ...document, pk: "p" }));
          const container = await fill(mine);

          const found = await allPages(container, toSpec(where, by), {
            partitionKey: "p",
            maxItemCount,
          });

          const wanted = expected(mine, where, by);
          expect(idsOf(found)).toEqual(idsOf(wanted));
          expect(orderOf(found, by)).toEqual(orderOf(wanted, by));
        },
      ),
      { numRuns: 100 },
    );
  }, 30_000);

  test("over partitions, through the SDK's merge", async () => {
    const fill = await createWorld();
    // The SDK merges values of one type only.
    const orderByNumbers = orderBy(fc.constant("n"));

    await fc.assert(
      fc.asyncProperty(documents, condition, orderByNumbers, async (list, where, by) => {
        const container = await fill(list);

        const found = await allPages(container, toSpec(where, by), { maxItemCount: 2 });

        const wanted = expected(list, where, by);
        expect(idsOf(found)).toEqual(idsOf(wanted));
        expect(orderOf(found, by)).toEqual(orderOf(wanted, by));
      }),
      { numRuns: 60 },
    );
  }, 30_000);
});
