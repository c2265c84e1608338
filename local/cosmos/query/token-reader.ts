/** Walks over the words of a query. Keywords are matched whatever their case. */
import { tokenize, type Token } from "./lexer.ts";
import { syntaxError } from "./query-failure.ts";

/** Words that cannot be the name of anything unless they follow a dot. */
const RESERVED = new Set([
  "AND",
  "ARRAY",
  "AS",
  "ASC",
  "BETWEEN",
  "BY",
  "DESC",
  "DISTINCT",
  "ESCAPE",
  "EXISTS",
  "FALSE",
  "FROM",
  "GROUP",
  "IN",
  "JOIN",
  "LIKE",
  "LIMIT",
  "NOT",
  "NULL",
  "OFFSET",
  "OR",
  "ORDER",
  "SELECT",
  "TOP",
  "TRUE",
  "UNDEFINED",
  "WHERE",
]);

const END: Token = { kind: "end", text: "end of query" };

export interface TokenReader {
  /** The next word, which stays. */
  peek(): Token;
  next(): Token;
  /** Whether the next words are these keywords or symbols. */
  isAt(...texts: readonly string[]): boolean;
  /** Takes the next word if it is that. */
  take(text: string): boolean;
  /** @throws {CosmosFailure} 400 – the next word is another */
  expect(text: string): void;
  /** Takes a name that is not reserved, if there is one. */
  takeName(): string | undefined;
  expectName(): string;
  fail(): never;
}

const isText = (token: Token | undefined, text: string): boolean =>
  token !== undefined &&
  (token.kind === "name" || token.kind === "symbol") &&
  token.text.toUpperCase() === text;

export function readTokens(text: string): TokenReader {
  const tokens = tokenize(text);
  const end = tokens.length - 1;
  let at = 0;

  // The word for the end is never passed.
  const peek = (): Token => tokens[Math.min(at, end)] ?? END;
  const fail = (): never => {
    throw syntaxError(peek().text);
  };
  const take = (wanted: string): boolean => {
    if (!isText(tokens[at], wanted)) return false;
    at++;
    return true;
  };
  const takeName = (): string | undefined => {
    const token = peek();
    if (token.kind !== "name" || RESERVED.has(token.text.toUpperCase())) return undefined;
    at++;
    return token.text;
  };

  return {
    peek,
    fail,
    take,
    takeName,
    next() {
      const token = peek();
      if (at < end) at++;
      return token;
    },
    isAt: (...texts) => texts.every((wanted, index) => isText(tokens[at + index], wanted)),
    expect(wanted) {
      if (!take(wanted)) fail();
    },
    expectName: () => takeName() ?? fail(),
  };
}
