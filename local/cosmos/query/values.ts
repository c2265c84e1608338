/** How values compare: equality, order, and one text per value. */
import { isObject, type Json } from "../json.ts";
import { TYPE_RANK } from "../storage/json-sql.ts";
import type { Value } from "./syntax.ts";

export function rankOf(value: Value): number {
  if (value === undefined) return TYPE_RANK.undefined;
  if (value === null) return TYPE_RANK.null;
  if (Array.isArray(value)) return TYPE_RANK.array;
  const type = typeof value;
  return TYPE_RANK[type as "boolean" | "number" | "string" | "object"];
}

const isHighSurrogateOrAbove = (unit: number): boolean => unit >= 0xd800;

/** By code point, as SQLite orders UTF-8; code units put U+E000 to U+FFFF above the rest of Unicode. */
function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x === y) continue;
    if (isHighSurrogateOrAbove(x) && isHighSurrogateOrAbove(y)) {
      const isPairX = x < 0xe000;
      const isPairY = y < 0xe000;
      if (isPairX !== isPairY) return isPairX ? 1 : -1;
    }
    return x - y;
  }
  return a.length - b.length;
}

/** @returns negative, 0 or positive within a type; undefined when the values have no order */
export function compareSameType(a: Value, b: Value): number | undefined {
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  return undefined;
}

/** The order of ORDER BY, MIN and MAX, which has a place for every type. */
export const compareValues = (a: Value, b: Value): number =>
  rankOf(a) - rankOf(b) || (compareSameType(a, b) ?? 0);

const areArraysEqual = (a: readonly Json[], b: readonly Json[]): boolean =>
  a.length === b.length && a.every((element, index) => areEqual(element, b[index]) === true);

/** @returns undefined when either value is */
export function areEqual(a: Value, b: Value): boolean | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (Array.isArray(a)) return Array.isArray(b) && areArraysEqual(a, b);
  if (!isObject(a)) return a === b;
  if (!isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && areEqual(a[name], b[name]) === true)
  );
}

const sortMembers = (_: string, value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The same text for equal values, another for any other. */
export const canonicalText = (value: Value): string =>
  value === undefined ? "undefined" : JSON.stringify(value, sortMembers);
