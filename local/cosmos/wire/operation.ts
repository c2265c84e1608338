/** What a request is about: the names by which faults are aimed, requests counted and budgets spent. */
import { type CosmosRequest } from "./cosmos-request.ts";
import { HEADER, isTrue, QUERY_CONTENT_TYPE, readHeader } from "./headers.ts";

export type OperationType =
  | "Create"
  | "Upsert"
  | "Read"
  | "Replace"
  | "Delete"
  | "Patch"
  | "Batch"
  | "Bulk"
  | "Query"
  | "QueryPlan"
  | "ReadFeed"
  | "ChangeFeed"
  | "DeletePartition"
  /** Account, databases, containers, partition ranges. */
  | "Metadata";

export interface Operation {
  readonly type: OperationType;
  /** The id of the container; absent for what is above. */
  readonly container: string | undefined;
}

/** `dbs/{database}/colls/{container}/docs/{id}` */
const CONTAINER_DEPTH = 4;

function typeOnItems({ method, headers }: CosmosRequest): OperationType {
  if (method === "GET") {
    return readHeader(headers, HEADER.changeFeedMode) === undefined ? "ReadFeed" : "ChangeFeed";
  }
  if (isTrue(headers, HEADER.isBatch)) {
    return isTrue(headers, HEADER.isBatchAtomic) ? "Batch" : "Bulk";
  }
  if (isTrue(headers, HEADER.isQueryPlan)) return "QueryPlan";
  const isQuery =
    isTrue(headers, HEADER.isQuery) || readHeader(headers, "content-type") === QUERY_CONTENT_TYPE;
  if (isQuery) return "Query";
  return isTrue(headers, HEADER.isUpsert) ? "Upsert" : "Create";
}

const TYPE_ON_ITEM: Readonly<Record<string, OperationType>> = {
  GET: "Read",
  PUT: "Replace",
  DELETE: "Delete",
  PATCH: "Patch",
};

function typeOf(request: CosmosRequest): OperationType {
  const [kind, id, ...deeper] = request.names.slice(CONTAINER_DEPTH);
  if (kind === "operations" && id === "partitionkeydelete") return "DeletePartition";
  if (kind !== "docs" || deeper.length > 0) return "Metadata";
  return id === undefined ? typeOnItems(request) : (TYPE_ON_ITEM[request.method] ?? "Metadata");
}

export const operationOf = (request: CosmosRequest): Operation => ({
  type: typeOf(request),
  container: request.names[2] === "colls" ? request.names[CONTAINER_DEPTH - 1] : undefined,
});
