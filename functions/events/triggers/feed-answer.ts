/** A page of a feed as HTTP: the events, and `next`. */
import type { HttpResponseInit } from "@azure/functions";
import type { EndpointRequest } from "../../platform/http/endpoint.ts";
import { problem } from "../../platform/http/problem.ts";
import type { FeedPage } from "../use-cases/read-feed.ts";

/** Encodes a query value; `/` and `:` stay as clients know them. */
const encode = (value: string): string =>
  encodeURIComponent(value).replaceAll("%2F", "/").replaceAll("%3A", ":");

/** The address of the next page: `after` first, the other parameters as they came. */
function nextOf(request: EndpointRequest, baseUrl: string, cursor: string): string {
  const url = new URL(request.http.url);
  const others = [...url.searchParams]
    .filter(([name]) => name.toLowerCase() !== "after")
    .map(([name, value]) => `&${encode(name)}=${encode(value)}`)
    .join("");
  return `${baseUrl}${url.pathname}?after=${cursor}${others}`;
}

/** Answers with a page, or with why the cursor is none. */
export function feedAnswer(
  request: EndpointRequest,
  baseUrl: string,
  page: FeedPage,
): HttpResponseInit {
  if (page.kind !== "page") {
    const detail =
      page.kind === "cursor-expired"
        ? "What comes after this cursor is no longer kept."
        : "The value of 'after' is neither a cursor nor the id of an event in this feed.";
    return problem(page.kind, { detail, members: { oldestCursor: page.oldest } });
  }
  return {
    status: 200,
    headers: {
      "content-type": "application/cloudevents+json; charset=utf-8",
      next: nextOf(request, baseUrl, page.next),
      "cache-control": "private, no-cache",
    },
    body: JSON.stringify(page.events.map(({ event }) => event)),
  };
}
