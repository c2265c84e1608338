/** The built-in functions. An argument of a type that a function is not made for gives undefined. */
import { isObject, type Json } from "../json.ts";
import type { Value } from "./syntax.ts";
import { areEqual } from "./values.ts";

type Call = (...values: readonly Value[]) => Value;

interface BuiltIn {
  readonly call: Call;
  readonly minCount: number;
  readonly maxCount: number;
}

/** @param test of two texts; a third argument of true makes it ignore case */
const textTest = (test: (text: string, other: string) => boolean): BuiltIn => ({
  minCount: 2,
  maxCount: 3,
  call: (text, other, ignoresCase) => {
    if (typeof text !== "string" || typeof other !== "string") return undefined;
    return ignoresCase === true ? test(text.toLowerCase(), other.toLowerCase()) : test(text, other);
  },
});

const unary = (call: (value: Value) => Value): BuiltIn => ({ call, minCount: 1, maxCount: 1 });

const ofText = (call: (text: string) => Value): BuiltIn =>
  unary((value) => (typeof value === "string" ? call(value) : undefined));

/** Whether every member of `wanted` is in `element` and equal to it. */
const hasMembers = (element: Json, wanted: Json): boolean =>
  isObject(element) &&
  isObject(wanted) &&
  Object.entries(wanted).every(
    ([name, value]) =>
      Object.hasOwn(element, name) &&
      (areEqual(element[name], value) === true || hasMembers(element[name] ?? null, value)),
  );

const arrayContains: Call = (array, wanted, isPartial) => {
  if (!Array.isArray(array) || wanted === undefined) return undefined;
  return array.some(
    (element) =>
      areEqual(element, wanted) === true || (isPartial === true && hasMembers(element, wanted)),
  );
};

const isPrimitive = (value: Value): boolean =>
  value !== undefined && (value === null || typeof value !== "object");

const FUNCTIONS = new Map<string, BuiltIn>([
  ["STARTSWITH", textTest((text, other) => text.startsWith(other))],
  ["ENDSWITH", textTest((text, other) => text.endsWith(other))],
  ["CONTAINS", textTest((text, other) => text.includes(other))],
  ["STRINGEQUALS", textTest((text, other) => text === other)],
  ["LOWER", ofText((text) => text.toLowerCase())],
  ["UPPER", ofText((text) => text.toUpperCase())],
  ["LENGTH", ofText((text) => text.length)],
  ["ARRAY_CONTAINS", { call: arrayContains, minCount: 2, maxCount: 3 }],
  ["ARRAY_LENGTH", unary((value) => (Array.isArray(value) ? value.length : undefined))],
  ["IS_DEFINED", unary((value) => value !== undefined)],
  ["IS_NULL", unary((value) => value === null)],
  ["IS_STRING", unary((value) => typeof value === "string")],
  ["IS_NUMBER", unary((value) => typeof value === "number")],
  ["IS_BOOL", unary((value) => typeof value === "boolean")],
  ["IS_ARRAY", unary((value) => Array.isArray(value))],
  ["IS_OBJECT", unary(isObject)],
  ["IS_PRIMITIVE", unary(isPrimitive)],
]);

/** @param name in upper case */
export function isFunction(name: string, argumentCount: number): boolean {
  const found = FUNCTIONS.get(name);
  return found !== undefined && argumentCount >= found.minCount && argumentCount <= found.maxCount;
}

/** @param name of a {@link isFunction known} function */
export const functionNamed = (name: string): Call => FUNCTIONS.get(name)?.call ?? (() => undefined);
