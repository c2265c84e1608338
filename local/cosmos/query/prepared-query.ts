/** A query made ready to run: the documents that its WHERE lets through, in order, and its limits. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { badRequest, notFound } from "../failure.ts";
import type { Json } from "../json.ts";
import type { Container } from "../storage/container.ts";
import type { DatabaseFile } from "../storage/database-file.ts";
import type { EnsureIndex } from "../storage/item-indexes.ts";
import { narrowScope, planAccess } from "./access-plan.ts";
import { splitConditions } from "./constraints.ts";
import { compileExpression, type Parameters, type Scope } from "./evaluate.ts";
import type { KeyScope } from "./key-scope.ts";
import { createRowReader, type Position, type Row } from "./row-reader.ts";
import type { Expression, Query } from "./syntax.ts";

/** Most rows that are read before other requests get a turn. */
const CHUNK_SIZE = 500;

export interface QueryContext {
  readonly file: DatabaseFile;
  readonly ensureIndex: EnsureIndex;
}

export interface QueryRequest {
  readonly container: Container;
  readonly query: Query;
  readonly parameters: Parameters;
  readonly scope: KeyScope;
  /** Most results in the answer. */
  readonly pageSize: number;
  readonly continuation: string | undefined;
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

export interface QueryPage {
  /** JSON texts. */
  readonly results: readonly string[];
  readonly continuation: string | undefined;
}

/** What a page was made of. */
export interface Effort {
  scannedCount: number;
  scannedBytes: number;
}

/** A query made ready: the documents that its WHERE lets through, and its limits. */
export interface PreparedQuery {
  readonly query: Query;
  readonly parameters: Parameters;
  readonly pageSize: number;
  readonly continuation: string | undefined;
  /** How many values a place in the order has. */
  readonly columnCount: number;
  readonly offset: number;
  /** Infinity without TOP and LIMIT. */
  readonly limit: number;
  /** Whether SQLite decided everything, so that documents need not be parsed. */
  readonly isExact: boolean;
  /** Documents in order from a place on, in chunks; between two of them others get a turn. */
  chunks(after: Position | undefined, sizeHint: number): AsyncGenerator<readonly Match[]>;
}

export interface Match {
  readonly row: Row;
  readonly scope: Scope;
}

function countOf(expression: Expression | undefined, parameters: Parameters): number | undefined {
  if (!expression) return undefined;
  const value = compileExpression(expression)({ document: undefined, parameters });
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw badRequest("TOP, OFFSET and LIMIT need a number that is not negative.");
}

/** Parses only when something is asked of the document. */
function lazyScope(row: Row, parameters: Parameters): Scope {
  let parsed: Json | undefined;
  return {
    parameters,
    get document() {
      return (parsed ??= JSON.parse(row.body) as Json);
    },
  };
}

export function prepareQuery(
  context: QueryContext,
  request: QueryRequest,
  effort: Effort,
): PreparedQuery {
  const { container, query, parameters, pageSize, continuation, timestamp } = request;
  const { settings } = container;
  const { constraints, residual } = splitConditions(query.where, parameters);
  const scope = narrowScope(request.scope, settings, constraints);
  const plan = planAccess({ settings, scope, constraints, orderBy: query.orderBy });
  const read = createRowReader(context.file, context.ensureIndex, container, plan, timestamp);
  const tests = residual.map(compileExpression);
  const limits = [countOf(query.top, parameters), countOf(query.limit, parameters)];

  async function* chunks(
    after: Position | undefined,
    sizeHint: number,
  ): AsyncGenerator<readonly Match[]> {
    const size = tests.length === 0 ? Math.min(sizeHint, CHUNK_SIZE) : CHUNK_SIZE;
    for (let place = after; ;) {
      if (container.isDeleted) throw notFound();
      const rows = read(place, size);
      effort.scannedCount += rows.length;
      effort.scannedBytes += rows.reduce((sum, { body }) => sum + body.length, 0);
      yield rows
        .map((row) => ({ row, scope: lazyScope(row, parameters) }))
        .filter((match) => tests.every((test) => test(match.scope) === true));
      if (rows.length < size) return;
      place = rows.at(-1)?.position;
      await nextTurn();
    }
  }

  return {
    query,
    parameters,
    pageSize,
    continuation,
    columnCount: plan.keyColumns.length,
    offset: countOf(query.offset, parameters) ?? 0,
    limit: Math.min(...limits.map((limit) => limit ?? Infinity)),
    isExact: tests.length === 0,
    chunks,
  };
}
