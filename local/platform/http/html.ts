/** HTML without injection: whatever is put into a template is escaped, unless it was made by a template itself. */

export interface Html {
  readonly html: string;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escape = (value: string): string => value.replace(/[&<>"']/g, (it) => entities[it] ?? "");

type Part = string | number | Html | readonly Html[];

function toHtml(part: Part | undefined): string {
  if (typeof part === "string" || typeof part === "number") return escape(String(part));
  if (part === undefined) return "";
  return "html" in part ? part.html : part.map(({ html }) => html).join("");
}

export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  html: texts.map((text, at) => text + toHtml(parts[at])).join(""),
});
