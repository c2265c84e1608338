/** From a request to its answer: who does it, what it costs, whether there is budget left. */
import type { Budgets } from "../budgets.ts";
import { badRequest, CosmosFailure } from "../failure.ts";
import { FAILED_CHARGE } from "../request-units.ts";
import type { Container } from "../storage/container.ts";
import type { Store } from "../store.ts";
import type { Answer, CosmosRequest } from "./cosmos-request.ts";
import { handleChangeFeed } from "./handle-change-feed.ts";
import { handleBatch, handleBulk, handleDeletePartition, handleItem } from "./handle-items.ts";
import { containerOf, handleMetadata } from "./handle-metadata.ts";
import { handleQuery, handleQueryPlan, handleReadFeed } from "./handle-query.ts";
import { HEADER } from "./headers.ts";
import type { Operation, OperationType } from "./operation.ts";

type Handler = (
  store: Store,
  container: Container,
  request: CosmosRequest,
  type: OperationType,
) => Answer | Promise<Answer>;

const onItem: Handler = (store, container, request, type) => {
  // Only the operations that are mapped to this handler come here.
  return handleItem(store, container, request, type as Parameters<typeof handleItem>[3]);
};

const HANDLERS: Readonly<Record<Exclude<OperationType, "Metadata">, Handler>> = {
  Create: onItem,
  Upsert: onItem,
  Read: onItem,
  Replace: onItem,
  Delete: onItem,
  Patch: onItem,
  Batch: handleBatch,
  Bulk: handleBulk,
  Query: handleQuery,
  QueryPlan: (store, _, request) => handleQueryPlan(store, request),
  ReadFeed: handleReadFeed,
  ChangeFeed: handleChangeFeed,
  DeletePartition: handleDeletePartition,
};

const withContainer = (answer: Answer, { lsn }: Container): Answer => ({
  ...answer,
  headers: { ...answer.headers, [HEADER.sessionToken]: `0:-1#${lsn}`, [HEADER.lsn]: String(lsn) },
});

const LINK_NAMES = ["dbs", "colls"];

function toItems(store: Store, request: CosmosRequest): Container {
  if (request.names[0] !== LINK_NAMES[0] || request.names[2] !== LINK_NAMES[1]) {
    throw badRequest("The request url is invalid.");
  }
  return containerOf(store, request);
}

export function toFailureAnswer(failure: CosmosFailure): Answer {
  const { substatus, retryAfterInMs } = failure.details;
  return {
    status: failure.status,
    body: JSON.stringify(failure.toBody()),
    headers: {
      [HEADER.substatus]: substatus?.toString(),
      [HEADER.retryAfter]: retryAfterInMs?.toString(),
    },
    charge: failure.status === 429 ? 0 : FAILED_CHARGE,
  };
}

async function answerTo(
  store: Store,
  budgets: Budgets,
  request: CosmosRequest,
  { type, container: containerId }: Operation,
): Promise<Answer> {
  try {
    if (type === "Metadata") return handleMetadata(store, request);
    const container = toItems(store, request);
    budgets.check(containerId);
    const answer = await HANDLERS[type](store, container, request, type);
    budgets.spend(containerId, answer.charge);
    return withContainer(answer, container);
  } catch (error) {
    if (error instanceof CosmosFailure) return toFailureAnswer(error);
    throw error;
  }
}

/**
 * @returns also the answer to what fails, once everything that it is about is durable
 * @throws {Error} a mistake of ours, or the file cannot be written
 */
export async function handleRequest(
  store: Store,
  budgets: Budgets,
  request: CosmosRequest,
  operation: Operation,
): Promise<Answer> {
  const answer = await answerTo(store, budgets, request, operation);
  await store.file.committed();
  return answer;
}
