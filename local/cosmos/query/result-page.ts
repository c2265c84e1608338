/** Pages of queries that must see all documents first: aggregates, groups, DISTINCT without an order. */
import { startAggregation } from "./aggregation.ts";
import { decodeResultPlace, encodeResultPlace } from "./continuation.ts";
import { compileProjection } from "./projection.ts";
import { unsupportedQuery } from "./query-failure.ts";
import type { PreparedQuery, QueryPage } from "./prepared-query.ts";
import type { Value } from "./syntax.ts";
import { canonicalText } from "./values.ts";
import { isAggregating } from "./walk.ts";

interface Result {
  /** Unique among the results; they are in its order, which is where a next page finds its place. */
  readonly key: string;
  readonly value: Value;
}

/** Documents are asked for in chunks of any size. */
const EVERYTHING = Number.POSITIVE_INFINITY;

async function distinctResults(prepared: PreparedQuery): Promise<readonly Result[]> {
  const { project } = compileProjection(prepared.query);
  const found = new Map<string, Value>();
  for await (const matches of prepared.chunks(undefined, EVERYTHING)) {
    for (const { scope } of matches) {
      const value = project(scope);
      if (value !== undefined) found.set(canonicalText(value), value);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value }));
}

async function aggregatedResults(prepared: PreparedQuery): Promise<readonly Result[]> {
  const { query, parameters } = prepared;
  if (query.orderBy.length > 0 || query.isDistinct) {
    throw unsupportedQuery("An aggregate together with ORDER BY or DISTINCT");
  }
  const aggregation = startAggregation(query, parameters);
  for await (const matches of prepared.chunks(undefined, EVERYTHING)) {
    for (const { scope } of matches) aggregation.add(scope);
  }
  return aggregation.results().filter(({ value }) => value !== undefined);
}

/** @throws {CosmosFailure} 400 – malformed continuation */
export async function resultPage(prepared: PreparedQuery): Promise<QueryPage> {
  const { query, continuation, offset, limit, pageSize } = prepared;
  const start = continuation === undefined ? undefined : decodeResultPlace(continuation);
  const all = await (isAggregating(query)
    ? aggregatedResults(prepared)
    : distinctResults(prepared));
  const ahead = start ? all.filter(({ key }) => key > start.after) : all.slice(offset);
  const givenCount = start?.givenCount ?? 0;
  const page = ahead.slice(0, Math.min(pageSize, limit - givenCount));
  const last = page.at(-1);
  const given = givenCount + page.length;
  const isLast = page.length === ahead.length || given >= limit || !last;
  return {
    results: page.map(({ value }) => JSON.stringify(value)),
    continuation: isLast ? undefined : encodeResultPlace({ after: last.key, givenCount: given }),
  };
}
