/** Pages of queries that give something for each document, in their order. */
import { decodeListPlace, encodeListPlace, type ListPlace } from "./continuation.ts";
import { compileProjection } from "./projection.ts";
import { unsupportedQuery } from "./query-failure.ts";
import type { Position } from "./row-reader.ts";
import type { Match, PreparedQuery, QueryPage } from "./prepared-query.ts";
import type { Query } from "./syntax.ts";
import { selectedBy } from "./walk.ts";

/** Largest answer; the service's own limit. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Equal results of a DISTINCT query are next to each other only if the order is by what is selected. */
function requireAdjacent(query: Query): void {
  const ordered = new Set(query.orderBy.map(({ path }) => JSON.stringify(path)));
  const selected = selectedBy(query);
  const isAdjacent =
    selected.length > 0 && selected.every((expression) => ordered.has(JSON.stringify(expression)));
  if (!isAdjacent) throw unsupportedQuery("DISTINCT of anything but what ORDER BY names");
}

/** Collects the results of one page. */
class ListPage {
  readonly results: string[] = [];
  #position: Position | undefined;
  #bytes = 0;
  #skippedCount: number;
  #givenCount: number;
  #last: string | undefined;
  readonly #prepared: PreparedQuery;
  readonly #textOf: (match: Match) => string | undefined;

  constructor(prepared: PreparedQuery, start: ListPlace | undefined) {
    this.#prepared = prepared;
    this.#position = start?.position;
    this.#skippedCount = start?.skippedCount ?? 0;
    this.#givenCount = start?.givenCount ?? 0;
    this.#last = start?.last;
    const { isWhole, project } = compileProjection(prepared.query);
    this.#textOf = isWhole
      ? ({ row }) => row.body
      : ({ scope }) => {
          const value = project(scope);
          return value === undefined ? undefined : JSON.stringify(value);
        };
  }

  /** TOP or LIMIT is reached: there is nothing more, whatever else matches. */
  isComplete(): boolean {
    return this.#givenCount >= this.#prepared.limit;
  }

  /** What comes belongs on the next page. */
  get isFull(): boolean {
    return this.results.length >= this.#prepared.pageSize || this.#bytes >= MAX_PAGE_BYTES;
  }

  get remainingCount(): number {
    const { pageSize, offset, limit } = this.#prepared;
    const given = Math.min(pageSize - this.results.length, limit - this.#givenCount);
    return given + offset - this.#skippedCount;
  }

  get continuation(): string | undefined {
    if (!this.#position) return undefined;
    return encodeListPlace({
      position: this.#position,
      skippedCount: this.#skippedCount,
      givenCount: this.#givenCount,
      ...(this.#last === undefined ? {} : { last: this.#last }),
    });
  }

  add(match: Match): void {
    this.#position = match.row.position;
    const text = this.#textOf(match);
    if (text === undefined) return;
    if (this.#prepared.query.isDistinct) {
      if (text === this.#last) return;
      this.#last = text;
    }
    if (this.#skippedCount < this.#prepared.offset) {
      this.#skippedCount++;
      return;
    }
    this.results.push(text);
    this.#bytes += text.length;
    this.#givenCount++;
  }
}

/** @throws {CosmosFailure} 400 – malformed continuation */
export async function listPage(prepared: PreparedQuery): Promise<QueryPage> {
  const { query, continuation, columnCount } = prepared;
  if (query.isDistinct) requireAdjacent(query);
  const start = continuation === undefined ? undefined : decodeListPlace(continuation, columnCount);
  const page = new ListPage(prepared, start);
  if (page.isComplete()) return { results: [], continuation: undefined };
  // One more than fits tells whether there is a next page.
  for await (const matches of prepared.chunks(start?.position, page.remainingCount + 1)) {
    for (const match of matches) {
      if (page.isFull) return { results: page.results, continuation: page.continuation };
      page.add(match);
      if (page.isComplete()) return { results: page.results, continuation: undefined };
    }
  }
  return { results: page.results, continuation: undefined };
}
