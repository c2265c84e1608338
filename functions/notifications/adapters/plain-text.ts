/** The text of an HTML e-mail, for readers whose programs show none (ES-D14). */
import sanitizeHtml from "sanitize-html";

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&nbsp;": " ",
};

/** Where a line ends in a browser, it ends in the text. */
const lineEnds = /<(?:br|\/p|\/div|\/h[1-6]|\/li|\/tr)\b[^>]*>/gi;

/** @returns plain text; links keep their words */
export function plainTextOf(html: string): string {
  const bare = sanitizeHtml(html.replace(lineEnds, "\n"), {
    allowedTags: [],
    allowedAttributes: {},
    nonTextTags: ["style", "script", "textarea", "noscript", "title", "head"],
  });
  return bare
    .replace(/&(?:amp|lt|gt|quot|nbsp);/g, (entity) => entities[entity] ?? entity)
    .replace(/[ \t]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
