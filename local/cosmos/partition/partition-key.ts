/** Partition keys: out of a header, out of a document, as text. */
import { badRequest, PARTITION_KEY_MISMATCH } from "../failure.ts";
import { isObject, type Json, valueAt } from "../json.ts";

/** One value of a key; undefined is "none", the key of a document without the path. */
export type KeyComponent = null | boolean | number | string | undefined;

/** As many components as the container's definition has paths; fewer are a prefix. */
export type PartitionKey = readonly KeyComponent[];

/** Longest value of a key that the service takes. */
const MAX_KEY_BYTES = 2048;

const mismatch = (message: string): Error => badRequest(message, PARTITION_KEY_MISMATCH);

function toComponent(value: Json | undefined): KeyComponent {
  if (value === undefined || (isObject(value) && Object.keys(value).length === 0)) return undefined;
  if (typeof value === "object" && value !== null) {
    throw badRequest("A partition key value must be a string, number, boolean or null.");
  }
  if (typeof value === "string" && Buffer.byteLength(value) > MAX_KEY_BYTES) {
    throw badRequest(`A partition key value is longer than ${MAX_KEY_BYTES} bytes.`);
  }
  return value;
}

/** @param text a JSON array, as in the header and in the operations of a bulk request */
export function parsePartitionKey(text: string): PartitionKey {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw mismatch("The partition key header is not a JSON array.");
  }
  if (!Array.isArray(value)) throw mismatch("The partition key header is not a JSON array.");
  return (value as Json[]).map(toComponent);
}

/** The key of a document by the paths of its container. */
export const partitionKeyOf = (
  document: Json,
  paths: readonly (readonly string[])[],
): PartitionKey => paths.map((path) => toComponent(valueAt(document, path)));

/**
 * One text per key: equal keys, equal texts. Begins with the text of each of its prefixes but for the closing bracket.
 */
export const keyText = (key: PartitionKey): string =>
  JSON.stringify(key.map((component) => (component === undefined ? {} : component)));

/** @throws {CosmosFailure} 400/1001 – the request gives no key, or only a part of one */
export function requireFullKey(key: PartitionKey | undefined, pathCount: number): PartitionKey {
  if (key?.length !== pathCount) {
    throw mismatch(
      "The partition key supplied in x-ms-partitionkey header has fewer components than defined in the the collection.",
    );
  }
  return key;
}

/** @throws {CosmosFailure} 400/1001 – the document belongs into another partition than the request says */
export function requireSameKey(fromHeader: PartitionKey, fromDocument: PartitionKey): void {
  if (keyText(fromHeader) !== keyText(fromDocument)) {
    throw mismatch(
      "PartitionKey extracted from document doesn't match the one specified in the header.",
    );
  }
}
