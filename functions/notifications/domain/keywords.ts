/** Words in a text that stand for the recipient. */

/** What the words are replaced by. */
export interface KeywordValues {
  readonly name: string;
  readonly number: string;
}

const keyword = /\$recipientName\$|\$recipientNumber\$/g;

/** Whether any of the texts has a word to be replaced. */
export const hasKeywords = (...texts: readonly (string | undefined)[]): boolean =>
  texts.some((text) => text !== undefined && text.search(keyword) >= 0);

/** Replaces the words, in one pass: a name that looks like one of them stays a name. */
export const withValues = (text: string, { name, number }: KeywordValues): string =>
  text.replaceAll(keyword, (word) => (word === "$recipientName$" ? name : number));

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (it) => entities[it] ?? it);

/** For a text in HTML: a name is never markup. */
export const forHtml = ({ name, number }: KeywordValues): KeywordValues => ({
  name: escaped(name),
  number: escaped(number),
});
