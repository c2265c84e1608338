/** Answers one page of a query. */
import { listPage } from "./list-page.ts";
import {
  type Effort,
  prepareQuery,
  type QueryContext,
  type QueryPage,
  type QueryRequest,
} from "./prepared-query.ts";
import { resultPage } from "./result-page.ts";
import { isAggregating } from "./walk.ts";

/** @returns the page, and what it took */
export async function runQuery(
  context: QueryContext,
  request: QueryRequest,
): Promise<{ readonly page: QueryPage; readonly effort: Readonly<Effort> }> {
  const effort: Effort = { scannedCount: 0, scannedBytes: 0 };
  const prepared = prepareQuery(context, request, effort);
  const { query } = request;
  const isCollected = isAggregating(query) || (query.isDistinct && query.orderBy.length === 0);
  const page = await (isCollected ? resultPage(prepared) : listPage(prepared));
  return { page, effort };
}
