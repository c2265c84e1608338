/** Expressions as text again, for the queries that the SDK is to ask range by range. */
import type { Expression, Query } from "./syntax.ts";

const list = (expressions: readonly Expression[]): string =>
  expressions.map(printExpression).join(", ");

/** Names in brackets need no quoting rules of their own, but plain ones are easier to read. */
const printName = (name: string | number): string =>
  typeof name === "string" && /^[A-Za-z_]\w*$/.test(name)
    ? `.${name}`
    : `[${JSON.stringify(name)}]`;

type Print<Kind extends Expression["kind"]> = (
  expression: Extract<Expression, { kind: Kind }>,
) => string;

const PRINTERS: { readonly [Kind in Expression["kind"]]: Print<Kind> } = {
  literal: ({ value }) => (value === undefined ? "undefined" : JSON.stringify(value)),
  parameter: ({ name }) => name,
  path: ({ alias, names }) => alias + names.map(printName).join(""),
  and: ({ left, right }) => `(${printExpression(left)} AND ${printExpression(right)})`,
  or: ({ left, right }) => `(${printExpression(left)} OR ${printExpression(right)})`,
  not: ({ operand }) => `(NOT ${printExpression(operand)})`,
  comparison: ({ operator, left, right }) =>
    `(${printExpression(left)} ${operator} ${printExpression(right)})`,
  in: ({ operand, list: elements }) => `(${printExpression(operand)} IN (${list(elements)}))`,
  between: ({ operand, low, high }) =>
    `(${printExpression(operand)} BETWEEN ${printExpression(low)} AND ${printExpression(high)})`,
  like: ({ operand, pattern, escape }) =>
    `(${printExpression(operand)} LIKE ${printExpression(pattern)}${escape ? ` ESCAPE ${printExpression(escape)}` : ""})`,
  call: ({ name, operands }) => `${name}(${list(operands)})`,
  aggregate: ({ name, operand }) => `${name}(${printExpression(operand)})`,
  object: ({ members }) =>
    `{${members.map(({ name, value }) => `${JSON.stringify(name)}: ${printExpression(value)}`).join(", ")}}`,
  array: ({ elements }) => `[${list(elements)}]`,
};

export function printExpression(expression: Expression): string {
  return (PRINTERS[expression.kind] as (expression: Expression) => string)(expression);
}

/** The query from FROM on, without its limits. */
export function printClauses(query: Query, extraCondition?: string): string {
  const conditions = [
    ...(query.where ? [printExpression(query.where)] : []),
    ...(extraCondition === undefined ? [] : [extraCondition]),
  ];
  const order = query.orderBy.map(
    ({ path, isDescending }) => `${printExpression(path)} ${isDescending ? "DESC" : "ASC"}`,
  );
  return [
    `FROM ${query.alias}`,
    ...(conditions.length > 0 ? [`WHERE ${conditions.join(" AND ")}`] : []),
    ...(query.groupBy.length > 0 ? [`GROUP BY ${list(query.groupBy)}`] : []),
    ...(order.length > 0 ? [`ORDER BY ${order.join(", ")}`] : []),
  ].join(" ");
}

/** What is between SELECT and FROM, without its limits. */
export function printSelect({ select }: Query): string {
  switch (select.kind) {
    case "everything":
      return "*";
    case "value":
      return `VALUE ${printExpression(select.expression)}`;
    case "list":
      return select.items
        .map(({ expression, name }) => `${printExpression(expression)} AS ${JSON.stringify(name)}`)
        .join(", ");
  }
}
