/** Values as they are stored: what JSON can say. */

export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [name: string]: Json;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The member of an object by its name, or of an array by its position; never one that every JavaScript object has. */
export function memberOf(value: Json | undefined, name: string | number): Json | undefined {
  if (Array.isArray(value)) return typeof name === "number" ? value[name] : undefined;
  if (!isObject(value) || typeof name !== "string") return undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** What a path of names and positions leads to; undefined when it breaks off. */
export function valueAt(
  value: Json | undefined,
  path: readonly (string | number)[],
): Json | undefined {
  let current = value;
  for (const name of path) current = memberOf(current, name);
  return current;
}
