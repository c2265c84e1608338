/**
 * Spares the request for a query plan: the SDK sends one beside every query, and needs none within one logical partition.
 *
 * Such a query is marked by a header, by which `transport.ts` knows its plan request and answers it without sending it.
 * Should the database want the plan after all, the query is put again in the usual way.
 */
import type { FeedOptions, PartitionKey } from "@azure/cosmos";
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";

const MARK = "x-budstikke-one-partition";
const IS_PLAN_REQUEST = "x-ms-cosmos-is-query-plan-request";
const WITHHELD = "The query plan was not asked for";

/** A key of one component only may be the beginning of a longer one, whose items are in many logical partitions. */
const isWhole = (partition: PartitionKey | undefined): boolean =>
  Array.isArray(partition) ? partition.length > 1 : partition !== undefined;

const isWithheld = (error: unknown): boolean =>
  error instanceof Error && error.message === WITHHELD;

const withhold = (request: PipelineRequest): PipelineResponse => ({
  request,
  status: 400,
  headers: createHttpHeaders(),
  bodyAsText: JSON.stringify({ code: "BadRequest", message: WITHHELD }),
});

/** Answers the plan requests of marked queries by itself; the mark goes no further. */
export const withoutPlanRequests = (client: HttpClient): HttpClient => ({
  sendRequest(request) {
    const { headers } = request;
    if (!headers.has(MARK)) return client.sendRequest(request);
    if (headers.has(IS_PLAN_REQUEST)) return Promise.resolve(withhold(request));
    headers.delete(MARK);
    return client.sendRequest(request);
  },
});

/**
 * Puts a query with options by which it does without a plan, where it is within one logical partition.
 *
 * @param ask is called a second time when the database does want a plan
 */
export async function sparingPlan<Result>(
  partition: PartitionKey | undefined,
  ask: (options: FeedOptions) => Promise<Result>,
): Promise<Result> {
  if (!isWhole(partition)) return ask({});
  try {
    return await ask({ initialHeaders: { [MARK]: "1" } });
  } catch (error) {
    if (isWithheld(error)) return ask({});
    throw error;
  }
}
