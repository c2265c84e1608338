/**
 * The plan of a query over several partition ranges: what to ask each range, and how the SDK is to put the answers
 * together. The gateway hands it out instead of doing so itself.
 */
import { compileExpression, type Parameters } from "./evaluate.ts";
import { ORDER_BY_FILTER } from "./parse-query.ts";
import { printClauses, printExpression, printSelect } from "./print.ts";
import { unsupportedQuery } from "./query-failure.ts";
import type { AggregateExpression, AggregateName, Expression, Query } from "./syntax.ts";
import { aggregatesIn, isAggregating, selectedBy } from "./walk.ts";

const AGGREGATE_TYPES: Readonly<Record<AggregateName, string>> = {
  COUNT: "Count",
  SUM: "Sum",
  MIN: "Min",
  MAX: "Max",
  AVG: "Average",
};

interface Rewriting {
  readonly rewrittenQuery: string;
  readonly aggregates?: readonly string[];
  readonly groupByAliases?: readonly string[];
  readonly groupByAliasToAggregateType?: Readonly<Record<string, string | null>>;
}

export interface QueryPlan {
  /** For the SDK. */
  readonly document: object;
  /** An aggregate beside other things, which the gateway refuses in words of its own. */
  readonly isUnmergedAggregate: boolean;
}

/** Whether ranges cannot be answered one after the other. */
export const needsMerge = (query: Query): boolean =>
  isAggregating(query) ||
  query.isDistinct ||
  query.orderBy.length > 0 ||
  query.top !== undefined ||
  query.offset !== undefined;

/** What a range answers for an aggregate: enough to go on aggregating. */
function printPartial({ name, operand }: AggregateExpression): string {
  const inner = printExpression(operand);
  if (name === "AVG") return `{"item": {"sum": SUM(${inner}), "count": COUNT(${inner})}}`;
  const item = `${name}(${inner})`;
  if (name === "COUNT" || name === "SUM") return `{"item": ${item}}`;
  return `{"item": ${item}, "item2": {"${name.toLowerCase()}": ${item}, "count": COUNT(${inner})}}`;
}

const printItems = (expressions: readonly Expression[]): string =>
  `[${expressions.map((expression) => `{"item": ${printExpression(expression)}}`).join(", ")}]`;

const groupItems = (query: Query): string =>
  query.groupBy.length === 0 ? "" : `${printItems(query.groupBy)} AS groupByItems, `;

function requirePlainAggregate(expression: Expression): void {
  if (expression.kind !== "aggregate" && aggregatesIn([expression]).length > 0) {
    throw unsupportedQuery("An aggregate inside another expression");
  }
}

function rewriteAggregate(query: Query): Rewriting {
  const { select } = query;
  selectedBy(query).forEach(requirePlainAggregate);
  const clauses = printClauses(query);
  if (select.kind === "value") {
    const { expression } = select;
    if (expression.kind !== "aggregate") {
      const payload = printExpression(expression);
      return { rewrittenQuery: `SELECT ${groupItems(query)}${payload} AS payload ${clauses}` };
    }
    const partial = `[${printPartial(expression)}]`;
    return {
      aggregates: [AGGREGATE_TYPES[expression.name]],
      rewrittenQuery:
        query.groupBy.length === 0
          ? `SELECT VALUE ${partial} ${clauses}`
          : `SELECT ${groupItems(query)}${partial} AS payload ${clauses}`,
    };
  }
  const items = select.kind === "list" ? select.items : [];
  const members = items.map(
    ({ name, expression }) =>
      `${JSON.stringify(name)}: ${expression.kind === "aggregate" ? printPartial(expression) : printExpression(expression)}`,
  );
  const types = items.map(
    ({ name, expression }) =>
      [name, expression.kind === "aggregate" ? AGGREGATE_TYPES[expression.name] : null] as const,
  );
  return {
    groupByAliases: items.map(({ name }) => name),
    groupByAliasToAggregateType: Object.fromEntries(types),
    rewrittenQuery: `SELECT ${groupItems(query)}{${members.join(", ")}} AS payload ${clauses}`,
  };
}

function printPayload({ select, alias }: Query): string {
  switch (select.kind) {
    case "everything":
      return alias;
    case "value":
      return printExpression(select.expression);
    case "list":
      return printExpression({
        kind: "object",
        members: select.items.map(({ name, expression }) => ({ name, value: expression })),
      });
  }
}

interface Limits {
  readonly top: number | null;
  readonly offset: number | null;
  readonly limit: number | null;
}

const NO_LIMITS: Limits = { top: null, offset: null, limit: null };

function limitsOf(query: Query, parameters: Parameters): Limits {
  const numberOf = (expression: Expression | undefined): number | null => {
    const value = expression && compileExpression(expression)({ document: undefined, parameters });
    return typeof value === "number" ? value : null;
  };
  return {
    top: numberOf(query.top),
    offset: numberOf(query.offset),
    limit: numberOf(query.limit),
  };
}

/** Each range has to give as many as all together may, and none may be left out before they are merged. */
const printLimits = ({ offset, limit }: Limits): string =>
  limit === null ? "" : ` OFFSET 0 LIMIT ${(offset ?? 0) + limit}`;

function rewriteOrdered(query: Query, limits: Limits): Rewriting {
  // The SDK takes out what is equal, and only then may anything be cut off.
  const own = query.isDistinct ? NO_LIMITS : limits;
  const top = own.top === null ? "" : `TOP ${own.top} `;
  const orderItems = printItems(query.orderBy.map(({ path }) => path));
  const clauses = printClauses(query, `(${ORDER_BY_FILTER})`);
  return {
    rewrittenQuery: `SELECT ${top}${query.alias}._rid, ${orderItems} AS orderByItems, ${printPayload(query)} AS payload ${clauses}${printLimits(own)}`,
  };
}

function rewrite(query: Query, limits: Limits): Rewriting {
  if (isAggregating(query)) return rewriteAggregate(query);
  if (query.orderBy.length > 0) return rewriteOrdered(query, limits);
  // The SDK asks the query as it is when there is no other.
  if (limits.limit === null) return { rewrittenQuery: "" };
  const head = query.isDistinct ? "DISTINCT " : "";
  return {
    rewrittenQuery: `SELECT ${head}${printSelect(query)} ${printClauses(query)}${printLimits(limits)}`,
  };
}

/** Equal values come one after the other when they are what the order is by. */
function distinctTypeOf(query: Query): string {
  if (!query.isDistinct) return "None";
  const selected = selectedBy(query);
  const isOrdered =
    selected.length === 1 &&
    query.orderBy.length === 1 &&
    JSON.stringify(selected[0]) === JSON.stringify(query.orderBy[0]?.path);
  return isOrdered ? "Ordered" : "Unordered";
}

/** @throws {CosmosFailure} 400 – the query cannot be put together from ranges */
export function toQueryPlan(query: Query, parameters: Parameters): QueryPlan {
  const limits = limitsOf(query, parameters);
  const hasSelectValue = query.select.kind === "value";
  return {
    isUnmergedAggregate: isAggregating(query) && (!hasSelectValue || query.groupBy.length > 0),
    document: {
      partitionedQueryExecutionInfoVersion: 2,
      queryInfo: {
        distinctType: distinctTypeOf(query),
        ...limits,
        orderBy: query.orderBy.map(({ isDescending }) =>
          isDescending ? "Descending" : "Ascending",
        ),
        orderByExpressions: query.orderBy.map(({ path }) => printExpression(path)),
        groupByExpressions: query.groupBy.map(printExpression),
        groupByAliases: [],
        aggregates: [],
        groupByAliasToAggregateType: {},
        hasSelectValue,
        dCountInfo: null,
        hasNonStreamingOrderBy: false,
        ...rewrite(query, limits),
      },
      queryRanges: [{ min: "", max: "FF", isMinInclusive: true, isMaxInclusive: false }],
      hybridSearchQueryInfo: null,
    },
  };
}
