/** Looks through the expressions of a query. */
import type { AggregateExpression, Expression, PathExpression, Query } from "./syntax.ts";

/** The expressions directly inside one. */
function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "literal":
    case "parameter":
    case "path":
      return [];
    case "and":
    case "or":
    case "comparison":
      return [expression.left, expression.right];
    case "not":
    case "aggregate":
      return [expression.operand];
    default:
      return childrenOfList(expression);
  }
}

type ListExpression = Extract<
  Expression,
  { kind: "in" | "between" | "like" | "call" | "object" | "array" }
>;

function childrenOfList(expression: ListExpression): readonly Expression[] {
  switch (expression.kind) {
    case "in":
      return [expression.operand, ...expression.list];
    case "between":
      return [expression.operand, expression.low, expression.high];
    case "like":
      return [
        expression.operand,
        expression.pattern,
        ...(expression.escape ? [expression.escape] : []),
      ];
    case "call":
      return expression.operands;
    case "object":
      return expression.members.map(({ value }) => value);
    case "array":
      return expression.elements;
  }
}

/** The expression and all inside it. */
function* descend(expression: Expression): Generator<Expression> {
  yield expression;
  for (const child of childrenOf(expression)) yield* descend(child);
}

/** What a query selects, as expressions. */
export function selectedBy({ select }: Pick<Query, "select">): readonly Expression[] {
  switch (select.kind) {
    case "everything":
      return [];
    case "value":
      return [select.expression];
    case "list":
      return select.items.map(({ expression }) => expression);
  }
}

/** All expressions of a query. */
const expressionsIn = ({
  top,
  where,
  groupBy,
  orderBy,
  offset,
  limit,
  ...query
}: Query): Expression[] =>
  [
    ...selectedBy(query),
    ...[top, where, offset, limit].filter((expression) => expression !== undefined),
    ...groupBy,
    ...orderBy.map(({ path }) => path),
  ].flatMap((expression) => [...descend(expression)]);

export const pathsIn = (query: Query): readonly PathExpression[] =>
  expressionsIn(query).filter((expression) => expression.kind === "path");

export const parametersIn = (query: Query): readonly string[] =>
  expressionsIn(query)
    .filter((expression) => expression.kind === "parameter")
    .map(({ name }) => name);

export const aggregatesIn = (expressions: readonly Expression[]): readonly AggregateExpression[] =>
  expressions
    .flatMap((expression) => [...descend(expression)])
    .filter((expression) => expression.kind === "aggregate");

/** Whether a query counts, sums or groups instead of listing. */
export const isAggregating = (query: Query): boolean =>
  query.groupBy.length > 0 || aggregatesIn(selectedBy(query)).length > 0;
