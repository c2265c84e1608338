/** The operations on one item: what each needs, what it answers. All run inside a transaction of the container. */
import { conflict, CosmosFailure, notFound, notSupported, preconditionFailed } from "../failure.ts";
import type { Json, JsonObject } from "../json.ts";
import {
  keyText,
  type PartitionKey,
  partitionKeyOf,
  requireSameKey,
} from "../partition/partition-key.ts";
import type { Container, Revision } from "../storage/container.ts";
import { type ItemRow, UniqueKeyTaken } from "../storage/item-table.ts";
import { applyPatch, isPatchConditionMet, parsePatch } from "./patch.ts";
import { requireItem, stamp } from "./system-properties.ts";
import { checkTtl, isExpired } from "./time-to-live.ts";

export type ItemOperationType = "Create" | "Upsert" | "Read" | "Replace" | "Delete" | "Patch";

export interface ItemOperation {
  readonly type: ItemOperationType;
  /** Absent for create and upsert, whose document has it. */
  readonly id?: string | undefined;
  /** The document, or the patch. */
  readonly body?: Json | undefined;
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

export interface ItemOutcome {
  readonly status: number;
  readonly etag?: string;
  /** The item as JSON text. */
  readonly body?: string;
  /** Bytes of the item that was read, written or deleted. */
  readonly size: number;
}

/** Where an operation acts. */
export interface Partition {
  readonly container: Container;
  readonly key: PartitionKey;
  readonly epkOf: (key: PartitionKey, text: string) => string;
}

type Run = (at: Partition, revision: Revision, operation: ItemOperation) => ItemOutcome;

/** @returns undefined when there is none or it has expired; then its id and unique keys are free again */
export function findLive(
  { container, key }: Partition,
  id: string,
  timestamp: number,
): { readonly live: ItemRow | undefined; readonly expired: ItemRow | undefined } {
  const row = container.items.find(keyText(key), id);
  if (!row) return { live: undefined, expired: undefined };
  return isExpired(container.settings, row, timestamp)
    ? { live: undefined, expired: row }
    : { live: row, expired: undefined };
}

function requireLive(at: Partition, timestamp: number, operation: ItemOperation): ItemRow {
  const { live } = findLive(at, operation.id ?? "", timestamp);
  if (!live) throw notFound();
  return live;
}

function requireMatch(row: ItemRow, { ifMatch, ifNoneMatch }: ItemOperation): void {
  if (ifMatch !== undefined && ifMatch !== "*" && ifMatch !== row.etag) throw preconditionFailed();
  if (ifNoneMatch === "*" || ifNoneMatch === row.etag) throw preconditionFailed();
}

/** Writes; when an expired item still holds a unique key, that one goes and it is tried again. */
function withUniqueKeys(container: Container, row: ItemRow, write: () => void): void {
  for (;;) {
    try {
      write();
      return;
    } catch (error) {
      if (!(error instanceof UniqueKeyTaken)) throw error;
      const expired = container.items
        .rivals(row)
        .filter((rival) => rival.item !== row.item && isExpired(container.settings, rival, row.ts));
      if (expired.length === 0) throw new CosmosFailure(409, "Unique index constraint violation.");
      for (const rival of expired) container.items.remove(rival.item);
    }
  }
}

interface Change {
  readonly document: JsonObject & { readonly id: string };
  /** Absent for a new item. */
  readonly replaced?: ItemRow;
}

function store(at: Partition, revision: Revision, { document, replaced }: Change): ItemOutcome {
  const { container, key } = at;
  requireSameKey(key, partitionKeyOf(document, container.settings.partitionKeyPaths));
  const ttl = checkTtl(document["ttl"]);
  const item = replaced?.item ?? revision.nextItem();
  const stamped = stamp(container, revision, item, document);
  const pk = replaced?.pk ?? keyText(key);
  const row: ItemRow = {
    item,
    pk,
    id: document.id,
    epk: replaced?.epk ?? at.epkOf(key, pk),
    lsn: revision.lsn,
    ts: revision.timestamp,
    ttl,
    ...stamped,
  };
  withUniqueKeys(container, row, () => {
    if (replaced) container.items.update(row);
    else container.items.insert(row);
  });
  return {
    status: replaced ? 200 : 201,
    etag: row.etag,
    body: row.body,
    size: Buffer.byteLength(row.body),
  };
}

const create: Run = (at, revision, operation) => {
  const document = requireItem(operation.body);
  const { live, expired } = findLive(at, document.id, revision.timestamp);
  if (live) throw conflict();
  if (expired) at.container.items.remove(expired.item);
  return store(at, revision, { document });
};

const upsert: Run = (at, revision, operation) => {
  const document = requireItem(operation.body);
  const { live, expired } = findLive(at, document.id, revision.timestamp);
  if (expired) at.container.items.remove(expired.item);
  if (!live) return store(at, revision, { document });
  requireMatch(live, operation);
  return store(at, revision, { document, replaced: live });
};

/** Needs no transaction. */
export function readItem(at: Partition, timestamp: number, operation: ItemOperation): ItemOutcome {
  const { etag, body } = requireLive(at, timestamp, operation);
  const { ifNoneMatch } = operation;
  if (ifNoneMatch === "*" || ifNoneMatch === etag) return { status: 304, etag, size: 0 };
  return { status: 200, etag, body, size: Buffer.byteLength(body) };
}

const read: Run = (at, revision, operation) => readItem(at, revision.timestamp, operation);

const replace: Run = (at, revision, operation) => {
  const document = requireItem(operation.body);
  const replaced = requireLive(at, revision.timestamp, operation);
  requireMatch(replaced, operation);
  if (document.id !== replaced.id) throw notSupported("Changing the id of an item");
  return store(at, revision, { document, replaced });
};

const remove: Run = (at, revision, operation) => {
  const row = requireLive(at, revision.timestamp, operation);
  requireMatch(row, operation);
  at.container.items.remove(row.item);
  return { status: 204, size: Buffer.byteLength(row.body) };
};

const patch: Run = (at, revision, operation) => {
  const wanted = parsePatch(operation.body, at.container.settings.partitionKeyPaths);
  const replaced = requireLive(at, revision.timestamp, operation);
  requireMatch(replaced, operation);
  const document = requireItem(JSON.parse(replaced.body) as Json);
  if (!isPatchConditionMet(wanted, document)) throw preconditionFailed();
  applyPatch(wanted, document);
  return store(at, revision, { document, replaced });
};

const OPERATIONS: Readonly<Record<ItemOperationType, Run>> = {
  Create: create,
  Upsert: upsert,
  Read: read,
  Replace: replace,
  Delete: remove,
  Patch: patch,
};

export const isItemOperationType = (text: unknown): text is ItemOperationType =>
  typeof text === "string" && Object.hasOwn(OPERATIONS, text);

/** @throws {CosmosFailure} and then nothing of the operation may be kept */
export const runItemOperation: Run = (at, revision, operation) =>
  OPERATIONS[operation.type](at, revision, operation);
