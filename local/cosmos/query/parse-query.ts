/** A whole query: SELECT … FROM … WHERE … GROUP BY … ORDER BY … OFFSET … LIMIT. */
import { parseConstant, parseExpression, parsePathFrom } from "./parse-expression.ts";
import { syntaxError, unknownIdentifier, unsupportedQuery } from "./query-failure.ts";
import type { Expression, OrderItem, Query, Select, SelectItem } from "./syntax.ts";
import { readTokens, type TokenReader } from "./token-reader.ts";
import { pathsIn } from "./walk.ts";

/** Most query texts kept parsed. */
const MAX_REMEMBERED = 500;

/** Stands in the plan's query; the SDK puts a condition in its place, and "true" when it has none. */
export const ORDER_BY_FILTER = "{documentdb-formattableorderbyquery-filter}";

const defaultName = (expression: Expression, position: number): string => {
  const last = expression.kind === "path" ? (expression.names.at(-1) ?? expression.alias) : 0;
  return typeof last === "string" ? last : `$${position + 1}`;
};

function parseAlias(reader: TokenReader): string | undefined {
  if (!reader.take("AS")) return reader.takeName();
  const token = reader.peek();
  if (token.kind !== "string") return reader.expectName();
  reader.next();
  return token.value;
}

function parseSelectItem(reader: TokenReader, position: number): SelectItem {
  const expression = parseExpression(reader);
  return { expression, name: parseAlias(reader) ?? defaultName(expression, position) };
}

function parseSelect(reader: TokenReader): Select {
  if (reader.take("*")) return { kind: "everything" };
  // A member called "value" can be selected too: `SELECT value.x FROM value`.
  if (reader.isAt("VALUE") && !reader.isAt("VALUE", ".") && !reader.isAt("VALUE", ",")) {
    reader.next();
    return { kind: "value", expression: parseExpression(reader) };
  }
  const items: SelectItem[] = [];
  do items.push(parseSelectItem(reader, items.length));
  while (reader.take(","));
  return { kind: "list", items };
}

/** @returns the name that documents have in the query */
export function parseFrom(reader: TokenReader): string {
  reader.expect("FROM");
  if (reader.isAt("(")) throw unsupportedQuery("A subquery");
  const source = reader.expectName();
  if (reader.isAt(".") || reader.isAt("[") || reader.isAt("IN")) {
    throw unsupportedQuery("FROM with a path or with IN");
  }
  const alias = reader.take("AS") ? reader.expectName() : (reader.takeName() ?? source);
  if (reader.isAt("JOIN") || reader.isAt(",")) throw unsupportedQuery("JOIN");
  return alias;
}

function parseGroupBy(reader: TokenReader): Expression[] {
  if (!reader.take("GROUP")) return [];
  reader.expect("BY");
  const list: Expression[] = [];
  do list.push(parseExpression(reader));
  while (reader.take(","));
  return list;
}

function parseOrderBy(reader: TokenReader): OrderItem[] {
  if (!reader.take("ORDER")) return [];
  reader.expect("BY");
  const list: OrderItem[] = [];
  do {
    const path = parsePathFrom(reader);
    if (reader.isAt("(")) throw unsupportedQuery("ORDER BY with an expression");
    const isDescending = reader.take("DESC");
    if (!isDescending) reader.take("ASC");
    list.push({ path, isDescending });
  } while (reader.take(","));
  return list;
}

function parseOffset(reader: TokenReader): Pick<Query, "offset" | "limit"> {
  if (!reader.take("OFFSET")) return { offset: undefined, limit: undefined };
  const offset = parseConstant(reader);
  reader.expect("LIMIT");
  return { offset, limit: parseConstant(reader) };
}

function requireKnownNames(query: Query): void {
  const stranger = pathsIn(query).find(({ alias }) => alias !== query.alias);
  if (stranger) throw unknownIdentifier(stranger.alias);
}

function requireEnd(reader: TokenReader): void {
  if (reader.peek().kind !== "end") throw syntaxError(reader.peek().text);
}

function parse(text: string): Query {
  const reader = readTokens(text.replace(ORDER_BY_FILTER, "true"));
  reader.expect("SELECT");
  const isDistinct = reader.take("DISTINCT");
  const top = reader.take("TOP") ? parseConstant(reader) : undefined;
  const query: Query = {
    isDistinct,
    top,
    select: parseSelect(reader),
    alias: parseFrom(reader),
    where: reader.take("WHERE") ? parseExpression(reader) : undefined,
    groupBy: parseGroupBy(reader),
    orderBy: parseOrderBy(reader),
    ...parseOffset(reader),
  };
  requireEnd(reader);
  requireKnownNames(query);
  return query;
}

/**
 * The condition of a patch, `from c where …`, as a query.
 *
 * @throws {CosmosFailure} 400 – no such condition
 */
export function parseCondition(text: string): Query {
  return parse(`SELECT * ${text}`);
}

/** @returns a parser that remembers: programs ask the same few questions */
export function createParser(): (text: string) => Query {
  const remembered = new Map<string, Query>();
  return (text) => {
    const known = remembered.get(text);
    if (known) return known;
    const query = parse(text);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(text, query);
    return query;
  };
}
