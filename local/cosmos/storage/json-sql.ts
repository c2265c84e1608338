/**
 * Values inside a stored document as SQL: two expressions for each path, which together sort as Cosmos DB does
 * (undefined < null < boolean < number < string < array < object). SQLite's own types would mix some of these up.
 */
import type { Json } from "../json.ts";

/** Places of the types in the sort order. */
export const TYPE_RANK = {
  undefined: 0,
  null: 1,
  boolean: 2,
  number: 3,
  string: 4,
  array: 5,
  object: 6,
} as const;

export type ScalarKey = number | string;

export interface PathSql {
  /** The type's place, one of {@link TYPE_RANK}. */
  readonly rank: string;
  /** Sorts within a type: a number or a text; 0 for what has no order of its own. */
  readonly value: string;
}

/** Whether the path can be written into SQL: no quote, backslash or control character in any name. */
export const isPlainPath = (path: readonly string[]): boolean =>
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  path.length > 0 && path.every((name) => !/["'\\\u0000-\u001f]/.test(name));

const location = (path: readonly string[]): string =>
  `'$${path.map((name) => `."${name}"`).join("")}'`;

/** An id has a column of its own and is always there. */
export const ID_SQL: PathSql = { rank: String(TYPE_RANK.string), value: "id" };

export const isId = (path: readonly string[]): boolean => path.length === 1 && path[0] === "id";

/** @param path {@link isPlainPath plain} */
export function pathSql(path: readonly string[]): PathSql {
  if (isId(path)) return ID_SQL;
  const at = location(path);
  const type = `json_type(body, ${at})`;
  return {
    rank: `CASE ${type} WHEN 'text' THEN 4 WHEN 'integer' THEN 3 WHEN 'real' THEN 3 WHEN 'true' THEN 2 WHEN 'false' THEN 2 WHEN 'null' THEN 1 WHEN 'array' THEN 5 WHEN 'object' THEN 6 ELSE 0 END`,
    // JSON numbers are doubles; SQLite would keep large ones as 64-bit integers, which differ in the last digits.
    value: `CASE ${type} WHEN 'text' THEN body ->> ${at} WHEN 'integer' THEN CAST(body ->> ${at} AS REAL) WHEN 'real' THEN body ->> ${at} WHEN 'true' THEN 1 ELSE 0 END`,
  };
}

/** What a unique key compares in a document: the JSON text, where a missing value counts as null. */
export const uniqueSql = (path: readonly string[], document: string): string =>
  `COALESCE(${document} -> ${location(path)}, 'null')`;

/** Rank and value of a scalar, as {@link pathSql} gives them; undefined for arrays, objects and undefined. */
export function scalarKey(
  value: Json | undefined,
): { readonly rank: number; readonly value: ScalarKey } | undefined {
  if (value === null) return { rank: TYPE_RANK.null, value: 0 };
  switch (typeof value) {
    case "boolean":
      return { rank: TYPE_RANK.boolean, value: value ? 1 : 0 };
    case "number":
      return { rank: TYPE_RANK.number, value };
    case "string":
      // SQLite would be given U+FFFD for half a surrogate pair, but holds it as it was.
      return /\p{Surrogate}/u.test(value) ? undefined : { rank: TYPE_RANK.string, value };
    default:
      return undefined;
  }
}
