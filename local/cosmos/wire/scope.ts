/** Which part of the container a request names. */
import { badRequest } from "../failure.ts";
import { parsePartitionKey, type PartitionKey } from "../partition/partition-key.ts";
import type { KeyScope } from "../query/key-scope.ts";
import type { Container } from "../storage/container.ts";
import type { Store } from "../store.ts";
import type { CosmosRequest } from "./cosmos-request.ts";
import { HEADER, readHeader } from "./headers.ts";

/** @returns undefined when the request names none */
export function requestedKey({ headers }: CosmosRequest): PartitionKey | undefined {
  const text = readHeader(headers, HEADER.partitionKey);
  return text === undefined ? undefined : parsePartitionKey(text);
}

/** @throws {CosmosFailure} 410/1002 – the range is not there */
export function scopeOf(store: Store, container: Container, request: CosmosRequest): KeyScope {
  const key = requestedKey(request);
  const depth = container.settings.partitionKeyPaths.length;
  if (key && key.length > depth) throw badRequest("The partition key has too many components.");
  if (key?.length === depth) return { kind: "partition", key };
  if (key && key.length > 0) return { kind: "prefix", key };
  const rangeId = readHeader(request.headers, HEADER.partitionRangeId);
  if (rangeId === undefined) return { kind: "everything" };
  const range = store.ranges.byId(rangeId);
  const min = readHeader(request.headers, HEADER.startEpk) ?? range.min;
  const max = readHeader(request.headers, HEADER.endEpk) ?? range.max;
  return { kind: "range", range: { min, max } };
}
