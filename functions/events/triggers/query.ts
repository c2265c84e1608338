/** Query parameters with names in any letter case. */
import type { HttpRequest } from "@azure/functions";

export interface Query {
  /** The first value; absent when empty. */
  text(name: string): string | undefined;
  /** All values that are not empty; `name[]` counts as `name`. */
  texts(name: string): readonly string[];
  /** A whole number of 32 bits. */
  integer(name: string): number | "invalid" | undefined;
}

/** The value of a header; absent when empty. */
export function headerOf(http: HttpRequest, name: string): string | undefined {
  const value = http.headers.get(name)?.trim() ?? "";
  return value === "" ? undefined : value;
}

export function queryOf(http: HttpRequest): Query {
  const pairs = [...new URL(http.url).searchParams].map(
    ([name, value]) => [name.toLowerCase().replace(/\[\]$/, ""), value] as const,
  );
  const texts = (name: string): readonly string[] =>
    pairs.flatMap(([its, value]) => (its === name.toLowerCase() && value !== "" ? [value] : []));

  return {
    text: (name) => texts(name)[0],
    texts,
    integer(name) {
      const [value] = texts(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      return /^[+-]?\d+$/.test(value) && Math.abs(number) < 2 ** 31 ? number : "invalid";
    },
  };
}
