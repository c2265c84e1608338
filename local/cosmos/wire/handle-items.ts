/** Items one by one, in batches, and all of a partition key. */
import { badRequest, notSupported } from "../failure.ts";
import { parseBatch, requireOneKey, runAtomically, runOneByOne } from "../items/batch.ts";
import { sweepExpired } from "../items/expiry-sweep.ts";
import {
  type ItemOperation,
  type ItemOperationType,
  type ItemOutcome,
  type Partition,
  readItem,
  runItemOperation,
} from "../items/item-operations.ts";
import { keyText, type PartitionKey, requireFullKey } from "../partition/partition-key.ts";
import { operationCharge } from "../request-units.ts";
import { type Container, revise } from "../storage/container.ts";
import type { Store } from "../store.ts";
import { type Answer, type CosmosRequest, parseBody } from "./cosmos-request.ts";
import { HEADER, isTrue, readHeader } from "./headers.ts";
import { requestedKey } from "./scope.ts";

function partitionOf(store: Store, container: Container, key: PartitionKey | undefined): Partition {
  const { partitionKeyPaths } = container.settings;
  return { container, key: requireFullKey(key, partitionKeyPaths.length), epkOf: store.epkOf };
}

function run(store: Store, partition: Partition, operation: ItemOperation): ItemOutcome {
  // Reading needs no transaction, and must not use up an LSN.
  if (operation.type === "Read") return readItem(partition, store.timestamp(), operation);
  return revise(store.file, partition.container, store.timestamp(), (revision) => {
    sweepExpired(partition.container, revision.timestamp);
    return runItemOperation(partition, revision, operation);
  });
}

const wantsContent = (request: CosmosRequest): boolean =>
  readHeader(request.headers, HEADER.prefer) !== "return=minimal";

function toAnswer(request: CosmosRequest, type: ItemOperationType, outcome: ItemOutcome): Answer {
  const hasContent = type === "Read" || wantsContent(request);
  return {
    status: outcome.status,
    body: hasContent ? outcome.body : undefined,
    headers: { etag: outcome.etag },
    charge: operationCharge(type, outcome.size),
  };
}

/** @param type what the request does with one item */
export function handleItem(
  store: Store,
  container: Container,
  request: CosmosRequest,
  type: ItemOperationType,
): Answer {
  const { headers, names } = request;
  if (readHeader(headers, HEADER.preTrigger) ?? readHeader(headers, HEADER.postTrigger)) {
    throw notSupported("A trigger");
  }
  const hasBody = type !== "Read" && type !== "Delete";
  const operation: ItemOperation = {
    type,
    id: names[5],
    body: hasBody ? parseBody(request) : undefined,
    ifMatch: readHeader(headers, HEADER.ifMatch),
    ifNoneMatch: readHeader(headers, HEADER.ifNoneMatch),
  };
  const partition = partitionOf(store, container, requestedKey(request));
  return toAnswer(request, type, run(store, partition, operation));
}

export function handleBatch(store: Store, container: Container, request: CosmosRequest): Answer {
  const entries = parseBatch(parseBody(request));
  const partition = partitionOf(store, container, requestedKey(request));
  requireOneKey(entries, partition.key);
  // As for one item: a batch that only reads uses up no LSN. Nothing comes in between, for this does not wait.
  if (entries.every(({ operation }) => operation.type === "Read")) {
    return runAtomically(entries, wantsContent(request), (work) =>
      work((operation) => readItem(partition, store.timestamp(), operation)),
    );
  }
  return runAtomically(entries, wantsContent(request), (work) =>
    revise(store.file, container, store.timestamp(), (revision) => {
      sweepExpired(container, revision.timestamp);
      return work((operation) => runItemOperation(partition, revision, operation));
    }),
  );
}

export function handleBulk(store: Store, container: Container, request: CosmosRequest): Answer {
  if (!isTrue(request.headers, HEADER.isBatchContinued)) {
    throw notSupported("Bulk that stops at an error");
  }
  const entries = parseBatch(parseBody(request));
  return runOneByOne(entries, wantsContent(request), ({ operation, key }) =>
    run(store, partitionOf(store, container, key), operation),
  );
}

export function handleDeletePartition(
  store: Store,
  container: Container,
  request: CosmosRequest,
): Answer {
  if (request.method !== "POST") throw badRequest("A partition is deleted by POST.");
  const { key } = partitionOf(store, container, requestedKey(request));
  const count = revise(store.file, container, store.timestamp(), () =>
    container.items.removePartition(keyText(key)),
  );
  return { status: 200, charge: Math.max(count, 1) * operationCharge("Delete", 0) };
}
