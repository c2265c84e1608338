/** HTML in which every value is escaped unless it is HTML already. */

/** Text that is safe to be written into a page. */
export interface Html {
  readonly markup: string;
}

type Value = Html | string | number | undefined | readonly Html[];

const replacements: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => replacements[character] ?? character);

function toMarkup(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "object" && "markup" in value) return value.markup;
  if (typeof value === "object") return value.map(({ markup }) => markup).join("");
  return escape(String(value));
}

/** A value may stand between tags or in a quoted attribute, never in a script, a style or a bare attribute. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  markup: parts.map((part, index) => part + toMarkup(values[index])).join(""),
});

/** A link target that is http or https; anything else could run. */
export const isWebAddress = (address: string): boolean => /^https?:\/\//i.test(address);
