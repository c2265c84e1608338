/** Queries and their plans. */
import { badRequest, CosmosFailure } from "../failure.ts";
import { isObject, type Json } from "../json.ts";
import type { Parameters } from "../query/evaluate.ts";
import { needsMerge, toQueryPlan } from "../query/query-plan.ts";
import { runQuery } from "../query/run-query.ts";
import type { Query } from "../query/syntax.ts";
import { parametersIn } from "../query/walk.ts";
import { METADATA_CHARGE, queryCharge } from "../request-units.ts";
import type { Container } from "../storage/container.ts";
import type { Store } from "../store.ts";
import { type Answer, type CosmosRequest, parseBody } from "./cosmos-request.ts";
import { HEADER, readHeader } from "./headers.ts";
import { PAGE_OF_EVERYTHING, pageSizeOf } from "./page-size.ts";
import { scopeOf } from "./scope.ts";

/** Most results in an answer when the request does not say. */
const DEFAULT_PAGE_SIZE = 1000;

/** Substatus: the gateway does not answer this query whole; the SDK is to ask range by range. */
const CROSS_PARTITION = 1004;

interface Asked {
  readonly query: Query;
  readonly parameters: Parameters;
}

function parseParameters(list: Json | undefined): Parameters {
  if (list === undefined || list === null) return new Map();
  if (!Array.isArray(list)) throw badRequest("The parameters of a query must be a list.");
  const parameters = new Map<string, Json | undefined>();
  for (const parameter of list) {
    const name = isObject(parameter) ? parameter["name"] : undefined;
    if (!isObject(parameter) || typeof name !== "string") {
      throw badRequest("A parameter of a query must have a name.");
    }
    parameters.set(name, parameter["value"]);
  }
  return parameters;
}

function parseQueryBody(store: Store, request: CosmosRequest): Asked {
  const body = parseBody(request);
  const text = isObject(body) ? body["query"] : undefined;
  if (!isObject(body) || typeof text !== "string") {
    throw badRequest("The body of a query must have its text.");
  }
  const query = store.parse(text);
  const parameters = parseParameters(body["parameters"]);
  const missing = parametersIn(query).find((name) => !parameters.has(name));
  if (missing !== undefined) throw badRequest(`The query parameter '${missing}' is not given.`);
  return { query, parameters };
}

/** What the gateway does not answer whole, with the plan that tells the SDK how to put it together. */
function refuse({ query, parameters }: Asked): CosmosFailure {
  const plan = toQueryPlan(query, parameters);
  const message = plan.isUnmergedAggregate
    ? "Cross partition query only supports 'VALUE <AggregateFunc>' for aggregates."
    : "The provided cross partition query can not be directly served by the gateway.";
  return new CosmosFailure(400, message, {
    substatus: CROSS_PARTITION,
    additionalErrorInfo: JSON.stringify(plan.document),
  });
}

async function answerPage(
  store: Store,
  container: Container,
  request: CosmosRequest,
  asked: Asked,
): Promise<Answer> {
  const scope = scopeOf(store, container, request);
  if (scope.kind === "everything" && needsMerge(asked.query)) throw refuse(asked);
  const size = pageSizeOf(request.headers, DEFAULT_PAGE_SIZE);
  const { page, effort } = await runQuery(store, {
    ...asked,
    container,
    scope,
    pageSize: size === PAGE_OF_EVERYTHING ? Infinity : size,
    continuation: readHeader(request.headers, HEADER.continuation),
    timestamp: store.timestamp(),
  });
  const count = page.results.length;
  return {
    status: 200,
    body: `{"_rid":"${container.rid}","Documents":[${page.results.join(",")}],"_count":${count}}`,
    headers: {
      [HEADER.itemCount]: String(count),
      [HEADER.continuation]: page.continuation,
    },
    charge: queryCharge(effort.scannedCount, effort.scannedBytes),
  };
}

export const handleQuery = (
  store: Store,
  container: Container,
  request: CosmosRequest,
): Promise<Answer> => answerPage(store, container, request, parseQueryBody(store, request));

/** Lists all items, page by page. */
export const handleReadFeed = (
  store: Store,
  container: Container,
  request: CosmosRequest,
): Promise<Answer> =>
  answerPage(store, container, request, {
    query: store.parse("SELECT * FROM c"),
    parameters: new Map(),
  });

export function handleQueryPlan(store: Store, request: CosmosRequest): Answer {
  const { query, parameters } = parseQueryBody(store, request);
  const { document } = toQueryPlan(query, parameters);
  return { status: 200, body: JSON.stringify(document), charge: METADATA_CHARGE };
}
