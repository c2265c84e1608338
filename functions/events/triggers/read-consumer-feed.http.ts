/** GET /subscriptions/feed: everything that the caller's `feed:` subscriptions matched, with one cursor. */
import type { HttpHandler } from "@azure/functions";
import { withBearer } from "../../platform/auth/policies.ts";
import { endpoint } from "../../platform/http/endpoint.ts";
import { readingAction } from "../domain/decision.ts";
import { feedOfConsumer } from "../use-cases/deliver-event.ts";
import { aboutReadConsumerFeed } from "./about-feeds.ts";
import { eventCallerOf } from "./event-caller.ts";
import { serveFeed } from "./feed-answer.ts";
import { logFeed } from "./feeds.ts";
import { queryOf } from "./query.ts";
import type { ReadResourceFeedPorts } from "./read-resource-feed.http.ts";
import { badRequest } from "./reference-answers.ts";

const DEFAULT_SIZE = 50;
const MAX_SIZE = 1000;

export const readConsumerFeedHttp = (ports: ReadResourceFeedPorts): HttpHandler =>
  endpoint(
    { takes: "json", access: withBearer, about: aboutReadConsumerFeed },
    ports,
    async (request) => {
      const query = queryOf(request.http);
      const size = query.integer("size") ?? DEFAULT_SIZE;
      if (size === "invalid" || size < 1) {
        return badRequest("The 'size' parameter must be a number from 1.", request.traceparent);
      }
      const caller = eventCallerOf(request.caller);
      const feed = logFeed(ports.feeds, feedOfConsumer(caller.entity ?? "~nobody"));
      return serveFeed(ports, request, feed, {
        after: query.text("after") ?? "oldest",
        size: Math.min(size, MAX_SIZE),
        isWanted: () => true,
        caller,
        action: readingAction,
      });
    },
  );
