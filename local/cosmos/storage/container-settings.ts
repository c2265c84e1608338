/** What a client may say of a container, checked, with the service's defaults filled in. */
import { badRequest, CosmosFailure, notSupported } from "../failure.ts";
import { isObject, type Json, type JsonObject, memberOf } from "../json.ts";
import {
  completeIndexingPolicy,
  type IndexingPolicy,
  parseIndexingPolicy,
  splitPath,
} from "./indexing-policy.ts";
import { isPlainPath } from "./json-sql.ts";

export interface ContainerSettings {
  /** As the client sees it, without the system properties. */
  readonly document: JsonObject;
  readonly partitionKeyPaths: readonly (readonly string[])[];
  /** Seconds; -1: only items that have a `ttl` expire; undefined: none does. */
  readonly defaultTtl: number | undefined;
  /** For each unique key its paths. */
  readonly uniqueKeys: readonly (readonly (readonly string[])[])[];
  readonly indexing: IndexingPolicy;
}

/** Properties of a container that clients may set; the rest is ours or not supported. */
const KNOWN = new Set([
  "id",
  "partitionKey",
  "indexingPolicy",
  "defaultTtl",
  "uniqueKeyPolicy",
  "conflictResolutionPolicy",
  "geospatialConfig",
]);

const CONFLICT_RESOLUTION: Json = {
  mode: "LastWriterWins",
  conflictResolutionPath: "/_ts",
  conflictResolutionProcedure: "",
};

const MAX_PARTITION_KEY_PATHS = 3;

const isText = (value: unknown): value is string => typeof value === "string";

/** @throws {CosmosFailure} 400 – no id, or one with characters that a link cannot have */
export function requireResourceId(id: Json | undefined): string {
  if (!isText(id) || id === "" || /[/\\?#]/.test(id) || id.length > 255) {
    throw badRequest("The resource id is missing or has characters that are not allowed.");
  }
  return id;
}

function toKeyPaths(value: Json | undefined): readonly string[] {
  const isListOfPaths =
    Array.isArray(value) && value.every((path) => isText(path) && path.startsWith("/"));
  if (!isListOfPaths || value.length === 0 || value.length > MAX_PARTITION_KEY_PATHS) {
    throw badRequest(
      `The partition key definition needs 1 to ${MAX_PARTITION_KEY_PATHS} paths that begin with '/'.`,
    );
  }
  return value as string[];
}

function toPartitionKey(value: Json | undefined): JsonObject {
  if (!isObject(value)) throw badRequest("The partition key definition is missing.");
  const paths = toKeyPaths(value["paths"]);
  const kind = value["kind"] ?? (paths.length > 1 ? "MultiHash" : "Hash");
  if (kind !== "MultiHash" && (kind !== "Hash" || paths.length > 1)) {
    throw badRequest("The partition key kind does not fit its paths.");
  }
  if (value["version"] !== 2) throw notSupported("A partition key definition without version 2");
  return { ...value, kind };
}

function toDefaultTtl(value: Json | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value === 0 || value < -1) {
    throw badRequest("The defaultTtl must be -1 or a positive number of seconds.");
  }
  return value;
}

function toUniqueKeys(value: Json | undefined): string[][][] {
  const keys = memberOf(value, "uniqueKeys") ?? [];
  if (!Array.isArray(keys)) throw badRequest("The uniqueKeys must be an array.");
  return keys.map((key) => {
    const paths = memberOf(key, "paths");
    if (!Array.isArray(paths) || !paths.every(isText) || paths.length === 0) {
      throw badRequest("A unique key must have paths.");
    }
    const names = paths.map(splitPath);
    if (!names.every(isPlainPath)) throw notSupported("A unique key with such a path");
    return names;
  });
}

/** @throws {CosmosFailure} 400 – malformed, or more than the emulator has */
export function parseContainerSettings(body: Json): ContainerSettings {
  if (!isObject(body)) throw badRequest("The container definition must be an object.");
  const unknown = Object.keys(body).find((name) => !KNOWN.has(name) && !name.startsWith("_"));
  if (unknown !== undefined) throw notSupported(`The container property '${unknown}'`);
  const partitionKey = toPartitionKey(body["partitionKey"]);
  const indexingPolicy = completeIndexingPolicy(body["indexingPolicy"]);
  const defaultTtl = toDefaultTtl(body["defaultTtl"]);
  const given = Object.entries(body).filter(([name]) => !name.startsWith("_"));
  const document: JsonObject = {
    ...Object.fromEntries(given),
    id: requireResourceId(body["id"]),
    indexingPolicy,
    partitionKey,
    uniqueKeyPolicy: body["uniqueKeyPolicy"] ?? { uniqueKeys: [] },
    conflictResolutionPolicy: body["conflictResolutionPolicy"] ?? CONFLICT_RESOLUTION,
  };
  if (defaultTtl === undefined) delete document["defaultTtl"];
  return {
    document,
    partitionKeyPaths: (partitionKey["paths"] as string[]).map(splitPath),
    defaultTtl,
    uniqueKeys: toUniqueKeys(body["uniqueKeyPolicy"]),
    indexing: parseIndexingPolicy(indexingPolicy),
  };
}

const sameJson = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/**
 * The settings after a replace: the keys stay as they were made.
 *
 * @throws {CosmosFailure} 400 – another id or partition key; 403 – other unique keys
 */
export function replaceContainerSettings(now: ContainerSettings, body: Json): ContainerSettings {
  const next = parseContainerSettings(body);
  if (next.document["id"] !== now.document["id"]) {
    throw badRequest("The id of a container cannot be changed.");
  }
  if (!sameJson(next.document["partitionKey"], now.document["partitionKey"])) {
    throw badRequest("Document collection partition key cannot be changed.");
  }
  if (
    memberOf(body, "uniqueKeyPolicy") !== undefined &&
    !sameJson(next.document["uniqueKeyPolicy"], now.document["uniqueKeyPolicy"])
  ) {
    throw new CosmosFailure(403, "The unique index cannot be modified.");
  }
  return {
    ...next,
    uniqueKeys: now.uniqueKeys,
    document: { ...next.document, uniqueKeyPolicy: now.document["uniqueKeyPolicy"] ?? null },
  };
}
