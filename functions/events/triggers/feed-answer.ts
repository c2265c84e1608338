/** A page of a feed as HTTP: the events, `next`, and what spares a reader the next look. */
import type { HttpResponseInit } from "@azure/functions";
import type { Clock } from "../../kernel/ports.ts";
import type { EndpointRequest } from "../../platform/http/endpoint.ts";
import { problem } from "../../platform/http/problem.ts";
import {
  type FeedPage,
  type FeedQuery,
  type ReadableFeed,
  readFeed,
  type ReadFeedPorts,
} from "../use-cases/read-feed.ts";
import type { ResourceEvent } from "../domain/cloud-event.ts";
import { badRequest } from "./reference-answers.ts";
import { waitForNews } from "../use-cases/wait-for-news.ts";

export interface ServeFeedPorts extends ReadFeedPorts {
  readonly clock: Clock;
  readonly baseUrl: string;
  /**
   * What a reader sees of an event.
   *
   * @default all of it
   */
  readonly show?: (event: ResourceEvent) => object;
}

const etagOf = (watermark: number): string => `W/"${watermark}"`;

/** Only the end of a feed is told by its watermark: with it, a reader in the middle would be told that nothing is new. */
const etagAt = (page: FeedPage, watermark: number): Readonly<Record<string, string>> =>
  page.kind === "page" && page.reached >= watermark ? { etag: etagOf(watermark) } : {};

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

/** How long a reader may keep an immutable page; not for ever, for a party may be erased. */
const IMMUTABLE_IN_SECONDS = 3600;

const cacheControlOf = (isImmutable: boolean): string =>
  isImmutable ? `private, max-age=${IMMUTABLE_IN_SECONDS}, immutable` : "private, no-cache";

function answerTo(
  request: EndpointRequest,
  { baseUrl, show = (event) => event }: Pick<ServeFeedPorts, "baseUrl" | "show">,
  page: FeedPage,
  headers: Readonly<Record<string, string>>,
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
      "cache-control": cacheControlOf(page.isImmutable),
      ...headers,
    },
    body: JSON.stringify(page.events.map(({ event }) => show(event))),
  };
}

/** The longest wait that a reader may ask for. */
const MAX_WAIT_IN_SECONDS = 25;

/** `Prefer: wait=10` → 10. */
function waitOf({ http }: EndpointRequest): number {
  const [, seconds = "0"] =
    /(?:^|[,;\s])wait=(\d{1,4})/.exec(http.headers.get("prefer") ?? "") ?? [];
  return Math.min(Number(seconds), MAX_WAIT_IN_SECONDS);
}

/** Longer than the name of any feed; a partition key of Cosmos DB has at most 2048 bytes. */
const MAX_NAME_IN_BYTES = 2000;

const isEmpty = (page: FeedPage): boolean => page.kind === "page" && page.events.length === 0;

/**
 * Serves a page of a feed. A reader who names the watermark it knows in `If-None-Match` gets 304 while nothing is new,
 * for the price of one point read; one who prefers to wait is answered as soon as something comes.
 */
export async function serveFeed(
  ports: ServeFeedPorts,
  request: EndpointRequest,
  feed: ReadableFeed,
  query: FeedQuery,
): Promise<HttpResponseInit> {
  const { http, traceparent } = request;
  if (Buffer.byteLength(feed.name) > MAX_NAME_IN_BYTES) {
    return badRequest("No resource and no subject is as long as the one asked for.", traceparent);
  }
  const waitInSeconds = waitOf(request);
  const applied = waitInSeconds > 0 ? { "preference-applied": `wait=${waitInSeconds}` } : {};
  // Taken before reading: what comes while we read makes the next look a full one.
  let watermark = await feed.lastNumber();
  const known = http.headers.get("if-none-match");
  if (known === etagOf(watermark)) {
    watermark = await waitForNews(ports.clock, feed, watermark, waitInSeconds);
    if (known === etagOf(watermark)) {
      return { status: 304, headers: { etag: etagOf(watermark), ...applied } };
    }
  }
  let page = await readFeed(ports, feed, query);
  if (isEmpty(page) && waitInSeconds > 0) {
    watermark = await waitForNews(ports.clock, feed, watermark, waitInSeconds);
    page = await readFeed(ports, feed, query);
  }
  return answerTo(request, ports, page, { ...etagAt(page, watermark), ...applied });
}
