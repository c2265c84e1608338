/** A query text as words. */
import { invalidToken } from "./query-failure.ts";

export type Token =
  | { readonly kind: "number"; readonly text: string; readonly value: number }
  | { readonly kind: "string"; readonly text: string; readonly value: string }
  | { readonly kind: "parameter" | "name" | "symbol" | "end"; readonly text: string };

const TOKEN =
  /(?<space>\s+|--[^\n]*)|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<string>"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*')|(?<parameter>@\w+)|(?<name>[A-Za-z_]\w*)|(?<symbol><=|>=|<>|!=|\|\||\?\?|[-+*/%&|^~=<>?:.,()[\]{}])/y;

const ESCAPED: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** @param quoted with its quotes */
const unescape = (quoted: string): string =>
  quoted
    .slice(1, -1)
    .replaceAll(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_, hex?: string, letter = "") =>
      hex === undefined
        ? (ESCAPED[letter as string] ?? (letter as string))
        : String.fromCharCode(Number.parseInt(hex, 16)),
    );

function toToken(groups: Readonly<Record<string, string | undefined>>): Token | undefined {
  const { number, string, parameter, name, symbol } = groups;
  if (number !== undefined) return { kind: "number", text: number, value: Number(number) };
  if (string !== undefined) return { kind: "string", text: string, value: unescape(string) };
  if (parameter !== undefined) return { kind: "parameter", text: parameter };
  if (name !== undefined) return { kind: "name", text: name };
  if (symbol !== undefined) return { kind: "symbol", text: symbol };
  return undefined;
}

/** @returns the words and, last, one that stands for the end */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) throw invalidToken(text[at] ?? "");
    const token = toToken(match.groups ?? {});
    if (token) tokens.push(token);
    at = TOKEN.lastIndex;
  }
  return [...tokens, { kind: "end", text: "end of query" }];
}
