/** The headers that the SDK and the service exchange. */
import type { IncomingHttpHeaders } from "node:http";

export const HEADER = {
  activityId: "x-ms-activity-id",
  authorization: "authorization",
  changeFeedMode: "a-im",
  continuation: "x-ms-continuation",
  date: "x-ms-date",
  endEpk: "x-ms-end-epk",
  ifMatch: "if-match",
  ifModifiedSince: "if-modified-since",
  ifNoneMatch: "if-none-match",
  isBatch: "x-ms-cosmos-is-batch-request",
  isBatchAtomic: "x-ms-cosmos-batch-atomic",
  isBatchContinued: "x-ms-cosmos-batch-continue-on-error",
  isQuery: "x-ms-documentdb-isquery",
  isQueryPlan: "x-ms-cosmos-is-query-plan-request",
  isUpsert: "x-ms-documentdb-is-upsert",
  itemCount: "x-ms-item-count",
  lsn: "lsn",
  maxItemCount: "x-ms-max-item-count",
  partitionKey: "x-ms-documentdb-partitionkey",
  partitionRangeId: "x-ms-documentdb-partitionkeyrangeid",
  postTrigger: "x-ms-documentdb-post-trigger-include",
  prefer: "prefer",
  preTrigger: "x-ms-documentdb-pre-trigger-include",
  requestCharge: "x-ms-request-charge",
  retryAfter: "x-ms-retry-after-ms",
  sessionToken: "x-ms-session-token",
  startEpk: "x-ms-start-epk",
  substatus: "x-ms-substatus",
  version: "x-ms-version",
} as const;

export const QUERY_CONTENT_TYPE = "application/query+json";

/** @returns undefined also for an empty header */
export function readHeader(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export const isTrue = (headers: IncomingHttpHeaders, name: string): boolean =>
  readHeader(headers, name)?.toLowerCase() === "true";
