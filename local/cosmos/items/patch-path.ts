/** Places within a document, as patch operations name them, and what can be done there. */
import { badRequest } from "../failure.ts";
import { isObject, type Json, type JsonObject, memberOf } from "../json.ts";

/** Names and array positions from the outside in; never empty. */
export type Pointer = readonly string[];

/** `add` inserts into an array, `set` overwrites, `replace` overwrites only what is there. */
export type PutMode = "add" | "set" | "replace";

const ARRAY_END = "-";

/** @see https://www.rfc-editor.org/rfc/rfc6901 */
export function parsePointer(text: Json | undefined): Pointer {
  if (typeof text !== "string" || !text.startsWith("/") || text === "/") {
    throw badRequest("The path of a patch operation must begin with '/' and name something.");
  }
  return text
    .slice(1)
    .split("/")
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export const pointerText = (pointer: Pointer): string => `/${pointer.join("/")}`;

const lastOf = (pointer: Pointer): string => pointer.at(-1) ?? "";

const noSuchPath = (pointer: Pointer): Error =>
  badRequest(`The path '${pointerText(pointer)}' of a patch operation does not exist.`);

/** In an array a name of digits is a position. */
const step = (value: Json | undefined, name: string): Json | undefined =>
  memberOf(value, Array.isArray(value) && /^\d+$/.test(name) ? Number(name) : name);

function parentOf(document: JsonObject, pointer: Pointer): Json[] | JsonObject {
  let current: Json | undefined = document;
  for (const name of pointer.slice(0, -1)) current = step(current, name);
  if (Array.isArray(current) || isObject(current)) return current;
  throw noSuchPath(pointer);
}

/** @param limit the first position that is too high */
function positionOf(pointer: Pointer, limit: number): number {
  const name = lastOf(pointer);
  const position = /^\d+$/.test(name) ? Number(name) : limit;
  if (position >= limit) throw noSuchPath(pointer);
  return position;
}

/** Also for a name such as `__proto__`, which plain assignment would not make a member. */
function assign(parent: JsonObject, name: string, value: Json): void {
  Object.defineProperty(parent, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

function putIntoArray(parent: Json[], pointer: Pointer, value: Json, mode: PutMode): void {
  if (lastOf(pointer) === ARRAY_END && mode !== "replace") {
    parent.push(value);
    return;
  }
  if (mode === "add") parent.splice(positionOf(pointer, parent.length + 1), 0, value);
  else parent[positionOf(pointer, parent.length)] = value;
}

export const readAt = (document: JsonObject, pointer: Pointer): Json | undefined =>
  step(parentOf(document, pointer), lastOf(pointer));

export function putAt(document: JsonObject, pointer: Pointer, value: Json, mode: PutMode): void {
  const parent = parentOf(document, pointer);
  if (Array.isArray(parent)) {
    putIntoArray(parent, pointer, value, mode);
    return;
  }
  if (mode === "replace" && !Object.hasOwn(parent, lastOf(pointer))) throw noSuchPath(pointer);
  assign(parent, lastOf(pointer), value);
}

/** @returns what was there */
export function removeAt(document: JsonObject, pointer: Pointer): Json {
  const parent = parentOf(document, pointer);
  if (Array.isArray(parent)) {
    const [removed] = parent.splice(positionOf(pointer, parent.length), 1);
    return removed ?? null;
  }
  const value = memberOf(parent, lastOf(pointer));
  if (value === undefined) throw noSuchPath(pointer);
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the name is the client's, and only an own one goes
  delete parent[lastOf(pointer)];
  return value;
}
