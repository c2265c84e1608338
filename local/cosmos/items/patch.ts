/** Partial changes of a document: the list of operations, checked, then applied to a copy that only lives if all succeed. */
import { badRequest } from "../failure.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { compileCondition } from "../query/condition.ts";
import { parsePointer, type Pointer, pointerText, putAt, readAt, removeAt } from "./patch-path.ts";
import { SYSTEM_PROPERTIES } from "./system-properties.ts";

const MAX_OPERATIONS = 10;

type Step = (document: JsonObject) => void;

export interface Patch {
  readonly steps: readonly Step[];
  readonly isMet: (document: JsonObject) => boolean;
}

type KeyPaths = readonly (readonly string[])[];

const PROTECTED = new Set<string>(["id", ...SYSTEM_PROPERTIES]);

/** @throws {CosmosFailure} 400 – the service's own properties and the partition key cannot be patched */
function parseTarget(path: Json | undefined, keyPaths: KeyPaths): Pointer {
  const pointer = parsePointer(path);
  const isKey = keyPaths.some((key) => pointer.every((name, index) => name === key[index]));
  if (isKey || PROTECTED.has(pointer[0] ?? "")) {
    throw badRequest(
      `'${pointerText(pointer)}' cannot be patched: it is a system or key property.`,
    );
  }
  return pointer;
}

function increment(target: Pointer, by: Json | undefined): Step {
  if (typeof by !== "number") throw badRequest("An incr operation needs a number.");
  return (document) => {
    const now = readAt(document, target) ?? 0;
    if (typeof now !== "number") {
      throw badRequest(`'${pointerText(target)}' is not a number and cannot be incremented.`);
    }
    putAt(document, target, now + by, "set");
  };
}

function toStep(operation: Json, keyPaths: KeyPaths): Step {
  if (!isObject(operation)) throw badRequest("A patch operation must be an object.");
  const { op, path, value, from } = operation as Record<string, Json | undefined>;
  const target = parseTarget(path, keyPaths);
  switch (op) {
    case "add":
    case "set":
    case "replace": {
      if (value === undefined) throw badRequest(`A patch operation '${op}' needs a value.`);
      return (document) => {
        putAt(document, target, structuredClone(value), op);
      };
    }
    case "remove":
      return (document) => {
        removeAt(document, target);
      };
    case "incr":
      return increment(target, value);
    case "move": {
      const source = parseTarget(from, keyPaths);
      return (document) => {
        putAt(document, target, removeAt(document, source), "add");
      };
    }
    default:
      throw badRequest(`The patch operation '${JSON.stringify(op)}' is not known.`);
  }
}

/** @throws {CosmosFailure} 400 – malformed, too many operations, or a path that cannot be patched */
export function parsePatch(body: Json | undefined, keyPaths: KeyPaths): Patch {
  const operations = isObject(body) ? body["operations"] : body;
  const condition = isObject(body) ? body["condition"] : undefined;
  if (!Array.isArray(operations) || operations.length === 0) {
    throw badRequest("A patch needs a list of operations.");
  }
  if (operations.length > MAX_OPERATIONS) {
    throw badRequest(`The number of patch operations can't exceed '${MAX_OPERATIONS}'.`);
  }
  if (condition !== undefined && typeof condition !== "string") {
    throw badRequest("The condition of a patch must be a text.");
  }
  return {
    steps: operations.map((operation) => toStep(operation, keyPaths)),
    isMet: condition === undefined ? () => true : compileCondition(condition),
  };
}

export const isPatchConditionMet = (patch: Patch, document: JsonObject): boolean =>
  patch.isMet(document);

/** Changes the document in place. @throws {CosmosFailure} 400 – a path does not lead where the operation needs it */
export function applyPatch(patch: Patch, document: JsonObject): void {
  for (const step of patch.steps) step(document);
}
