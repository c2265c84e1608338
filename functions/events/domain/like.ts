/** SQL LIKE, as the pull routes have always understood `type` and `source`: `%` is any text, `_` one character. */

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Makes a test of a pattern. Linear in the text: several `%` in a row are one. */
export function like(
  pattern: string,
  letterCase: "sensitive" | "ignored",
): (text: string) => boolean {
  if (!/[%_]/.test(pattern)) {
    const wanted = letterCase === "ignored" ? pattern.toLowerCase() : pattern;
    return (text) => (letterCase === "ignored" ? text.toLowerCase() : text) === wanted;
  }
  const source = escape(pattern).replaceAll(/%+/g, "[^]*?").replaceAll("_", "[^]");
  const expression = new RegExp(`^${source}$`, letterCase === "ignored" ? "iu" : "u");
  return (text) => expression.test(text);
}
