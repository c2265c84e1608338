/** Expressions: loosest first OR, AND, NOT, comparison, and what stands alone. */
import { isFunction } from "./functions.ts";
import { syntaxError, unsupportedQuery } from "./query-failure.ts";
import type {
  AggregateName,
  ComparisonOperator,
  Expression,
  PathExpression,
  Value,
} from "./syntax.ts";
import type { TokenReader } from "./token-reader.ts";

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  "=": "=",
  "!=": "!=",
  "<>": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

const CONSTANTS: readonly (readonly [string, Value])[] = [
  ["NULL", null],
  ["TRUE", true],
  ["FALSE", false],
  ["UNDEFINED", undefined],
];

const AGGREGATES = new Set<string>(["COUNT", "SUM", "MIN", "MAX", "AVG"]);

/** Operators and forms of the language that the emulator does without. */
const UNSUPPORTED = new Set(["+", "-", "*", "/", "%", "|", "&", "^", "||", "?", "??", "~"]);

/** Deepest nesting, so that no query overflows the stack. */
const MAX_DEPTH = 100;

function listUntil(reader: TokenReader, close: string, parse: () => void): void {
  if (reader.take(close)) return;
  do parse();
  while (reader.take(","));
  reader.expect(close);
}

function parseList(reader: TokenReader, close: string, depth: number): Expression[] {
  const list: Expression[] = [];
  listUntil(reader, close, () => list.push(parseOr(reader, depth + 1)));
  return list;
}

function parseIndex(reader: TokenReader): string | number {
  const token = reader.next();
  reader.expect("]");
  if (token.kind === "string") return token.value;
  if (token.kind === "number" && Number.isInteger(token.value)) return token.value;
  throw unsupportedQuery("An index that is not a literal");
}

/** After its first name. Behind a dot reserved words are names like any other. */
function parsePath(reader: TokenReader, alias: string): PathExpression {
  const names: (string | number)[] = [];
  for (;;) {
    if (reader.take(".")) {
      const token = reader.next();
      if (token.kind !== "name") throw syntaxError(token.text);
      names.push(token.text);
    } else if (reader.take("[")) {
      names.push(parseIndex(reader));
    } else {
      return { kind: "path", alias, names };
    }
  }
}

export function parsePathFrom(reader: TokenReader): PathExpression {
  return parsePath(reader, reader.expectName());
}

function parseObject(reader: TokenReader, depth: number): Expression {
  const members: { name: string; value: Expression }[] = [];
  listUntil(reader, "}", () => {
    const token = reader.next();
    if (token.kind !== "string" && token.kind !== "name") throw syntaxError(token.text);
    reader.expect(":");
    const name = token.kind === "string" ? token.value : token.text;
    members.push({ name, value: parseOr(reader, depth + 1) });
  });
  return { kind: "object", members };
}

function parseCall(reader: TokenReader, written: string, depth: number): Expression {
  const name = written.toUpperCase();
  const operands = parseList(reader, ")", depth);
  if (AGGREGATES.has(name)) {
    const [operand] = operands;
    if (!operand || operands.length > 1) throw syntaxError(written);
    return { kind: "aggregate", name: name as AggregateName, operand };
  }
  if (!isFunction(name, operands.length)) {
    throw unsupportedQuery(`The function '${written}' with ${operands.length} arguments`);
  }
  return { kind: "call", name, operands };
}

function parseNumber(reader: TokenReader): Expression | undefined {
  const isNegative = reader.take("-");
  const token = reader.peek();
  if (token.kind !== "number") return isNegative ? reader.fail() : undefined;
  reader.next();
  return { kind: "literal", value: isNegative ? -token.value : token.value };
}

function parseLiteral(reader: TokenReader): Expression | undefined {
  for (const [keyword, value] of CONSTANTS) {
    if (reader.take(keyword)) return { kind: "literal", value };
  }
  const token = reader.peek();
  if (token.kind === "string") {
    reader.next();
    return { kind: "literal", value: token.value };
  }
  if (token.kind === "parameter") {
    reader.next();
    return { kind: "parameter", name: token.text };
  }
  return parseNumber(reader);
}

/** A call or a path. */
function parseNamed(reader: TokenReader, depth: number): Expression {
  const name = reader.expectName();
  if (reader.take("(")) return parseCall(reader, name, depth);
  const path = parsePath(reader, name);
  if (reader.isAt("(")) throw unsupportedQuery(`The function '${[name, ...path.names].join(".")}'`);
  return path;
}

function parsePrimary(reader: TokenReader, depth: number): Expression {
  const literal = parseLiteral(reader);
  if (literal) return literal;
  if (reader.take("[")) return { kind: "array", elements: parseList(reader, "]", depth) };
  if (reader.take("{")) return parseObject(reader, depth);
  if (reader.take("(")) {
    if (reader.isAt("SELECT")) throw unsupportedQuery("A subquery");
    const inner = parseOr(reader, depth + 1);
    reader.expect(")");
    return inner;
  }
  if (reader.isAt("EXISTS") || reader.isAt("ARRAY")) throw unsupportedQuery("A subquery");
  return parseNamed(reader, depth);
}

function parseBetween(reader: TokenReader, operand: Expression, depth: number): Expression {
  const low = parsePrimary(reader, depth);
  reader.expect("AND");
  return { kind: "between", operand, low, high: parsePrimary(reader, depth) };
}

function parseLike(reader: TokenReader, operand: Expression, depth: number): Expression {
  const pattern = parsePrimary(reader, depth);
  const escape = reader.take("ESCAPE") ? parsePrimary(reader, depth) : undefined;
  return { kind: "like", operand, pattern, escape };
}

function parseIn(reader: TokenReader, operand: Expression, depth: number): Expression {
  reader.expect("(");
  const list = parseList(reader, ")", depth);
  return list.length === 0 ? reader.fail() : { kind: "in", operand, list };
}

/** IN, BETWEEN and LIKE, which NOT may stand before. */
function parseTest(
  reader: TokenReader,
  operand: Expression,
  depth: number,
): Expression | undefined {
  if (reader.take("IN")) return parseIn(reader, operand, depth);
  if (reader.take("BETWEEN")) return parseBetween(reader, operand, depth);
  if (reader.take("LIKE")) return parseLike(reader, operand, depth);
  return undefined;
}

function parseComparison(reader: TokenReader, depth: number): Expression {
  let left = parsePrimary(reader, depth);
  for (;;) {
    const isNegated = ["IN", "BETWEEN", "LIKE"].some((word) => reader.isAt("NOT", word));
    if (isNegated) reader.next();
    const test = parseTest(reader, left, depth);
    const operator = reader.peek().kind === "symbol" ? reader.peek().text : "";
    const comparison = COMPARISONS[operator];
    if (test) {
      left = isNegated ? { kind: "not", operand: test } : test;
    } else if (comparison) {
      reader.next();
      left = { kind: "comparison", operator: comparison, left, right: parsePrimary(reader, depth) };
    } else if (UNSUPPORTED.has(operator)) {
      throw unsupportedQuery(`The operator '${operator}'`);
    } else {
      return left;
    }
  }
}

function parseNot(reader: TokenReader, depth: number): Expression {
  if (!reader.take("NOT")) return parseComparison(reader, depth);
  return { kind: "not", operand: parseNot(reader, depth) };
}

function parseAnd(reader: TokenReader, depth: number): Expression {
  let left = parseNot(reader, depth);
  while (reader.take("AND")) left = { kind: "and", left, right: parseNot(reader, depth) };
  return left;
}

function parseOr(reader: TokenReader, depth: number): Expression {
  if (depth > MAX_DEPTH) throw unsupportedQuery("An expression that is nested that deeply");
  let left = parseAnd(reader, depth);
  while (reader.take("OR")) left = { kind: "or", left, right: parseAnd(reader, depth) };
  return left;
}

/** A literal or a parameter. */
export const parseConstant = (reader: TokenReader): Expression =>
  parseLiteral(reader) ?? reader.fail();

export const parseExpression = (reader: TokenReader): Expression => parseOr(reader, 0);
