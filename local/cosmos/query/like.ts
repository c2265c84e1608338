/** The patterns of LIKE: `%` any text, `_` one character, `[a-f]` one of some, `[^a-f]` none of some. */

/** Characters that mean something in a regular expression. */
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/;

const quote = (character: string): string =>
  SPECIAL.test(character) ? `\\${character}` : character;

/** `[a-f]` or `[^a-f]` as a regular expression; within it only the hyphen keeps a meaning. */
function classSource(content: string): string {
  const isNegated = content.startsWith("^");
  const characters = [...(isNegated ? content.slice(1) : content)];
  const quoted = characters.map((character) => (character === "-" ? "-" : quote(character)));
  return `[${isNegated ? "^" : ""}${quoted.join("")}]`;
}

const PIECE = /(?<any>%)|(?<one>_)|\[(?<class>\^?[^\]]+)\]|(?<plain>[^])/gu;

function toSource(pattern: string): string {
  const pieces = [...pattern.matchAll(PIECE)].map(({ groups = {} }) => {
    if (groups["any"] !== undefined) return "[^]*";
    if (groups["one"] !== undefined) return "[^]";
    if (groups["class"] !== undefined) return classSource(groups["class"]);
    return quote(groups["plain"] ?? "");
  });
  return pieces.join("");
}

/** Splits at escaped characters, which stand for themselves. */
function escapedSource(pattern: string, escape: string): string {
  const [first = "", ...rest] = pattern.split(escape);
  return (
    toSource(first) +
    rest
      .map((part) => {
        const [character = ""] = [...part];
        return quote(character) + toSource(part.slice(character.length));
      })
      .join("")
  );
}

/** @returns undefined when the pattern is none, such as one with a range that runs backwards */
export function likePattern(pattern: string, escape: string | undefined): RegExp | undefined {
  const source = escape === undefined ? toSource(pattern) : escapedSource(pattern, escape);
  try {
    return new RegExp(`^${source}$`, "u");
  } catch {
    return undefined;
  }
}
