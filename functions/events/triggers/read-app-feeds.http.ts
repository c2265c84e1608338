/** GET /app/{org}/{app} and GET /app/party: events of apps, for the app's owner and for the party they are about. */
import type { HttpHandler, HttpResponseInit } from "@azure/functions";
import { withBearer } from "../../platform/auth/policies.ts";
import {
  endpoint,
  type EndpointPorts,
  type EndpointRequest,
} from "../../platform/http/endpoint.ts";
import { problem } from "../../platform/http/problem.ts";
import { resourceOfApp } from "../domain/cloud-event.ts";
import type { EventCaller } from "../domain/caller-subject.ts";
import type { EventFeeds, EventStore, Parties } from "../domain/ports.ts";
import { type EventFilter, wantedBy } from "../use-cases/event-filter.ts";
import type { ReadableFeed } from "../use-cases/read-feed.ts";
import { aboutReadAppFeed, aboutReadPartyFeed } from "./about-feeds.ts";
import { type AppFeedQuery, appFeedQueryOf } from "./app-feed-query.ts";
import { callerFor } from "./delegated-caller.ts";
import { eventCallerOf } from "./event-caller.ts";
import { serveFeed, type ServeFeedPorts } from "./feed-answer.ts";
import { resourceFeed, subjectFeed } from "./feeds.ts";
import { notFound, textAnswer } from "./reference-answers.ts";

export interface ReadAppFeedsPorts extends EndpointPorts, ServeFeedPorts {
  readonly events: EventStore;
  readonly feeds: EventFeeds;
  readonly parties: Parties;
}

/** The subject that the parameters name; `undefined` when they name none, `"unknown"` when nobody is so named. */
async function subjectOf(
  parties: Parties,
  { party, unit, person }: AppFeedQuery,
): Promise<string | undefined> {
  if (party !== undefined) return `/party/${party}`;
  if (person === undefined && unit === undefined) return undefined;
  // The register refuses such a question, which says no more than that it knows nobody of that number.
  if (person !== undefined && !/^\d{11}$/.test(person)) return "unknown";
  const found = await parties.findPartyId(
    person === undefined ? { orgNo: unit ?? "" } : { ssn: person },
  );
  return found === undefined ? "unknown" : `/party/${found}`;
}

async function read(
  ports: ReadAppFeedsPorts,
  request: EndpointRequest,
  query: AppFeedQuery,
  feed: ReadableFeed,
  filter: Partial<EventFilter>,
  caller: EventCaller = eventCallerOf(request.caller),
): Promise<HttpResponseInit> {
  const { from, to, types, sources } = query;
  return serveFeed(ports, request, feed, {
    after: query.after,
    size: query.size,
    isWanted: wantedBy({
      ...filter,
      types,
      sources,
      letterCase: "ignored",
      appsOnly: true,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    }),
    caller,
    action: "read",
  });
}

export const readAppFeedHttp = (ports: ReadAppFeedsPorts): HttpHandler =>
  endpoint(
    { takes: "json", access: withBearer, about: aboutReadAppFeed },
    ports,
    async (request) => {
      const { org = "", app = "" } = request.http.params;
      const caller = callerFor(request.caller, org, app);
      if (caller === "forbidden") return problem("forbidden");
      if (!caller.isOrg) return textAnswer(401, "Only orgs can call this api");
      const parsed = appFeedQueryOf(request, "optional");
      if ("answer" in parsed) return parsed.answer;
      const { query } = parsed;
      const subject = await subjectOf(ports.parties, query);
      if (subject === "unknown") return notFound(request.traceparent);
      const resource = resourceOfApp(org, app);
      const filter = { resource, ...(subject !== undefined && { subject }) };
      const withoutSource = { ...query, sources: [] };
      const feed = resourceFeed(ports, resource, subject);
      return read(ports, request, withoutSource, feed, filter, caller);
    },
  );

export const readPartyFeedHttp = (ports: ReadAppFeedsPorts): HttpHandler =>
  endpoint(
    { takes: "json", access: withBearer, about: aboutReadPartyFeed },
    ports,
    async (request) => {
      const parsed = appFeedQueryOf(request, "needed");
      if ("answer" in parsed) return parsed.answer;
      const subject = await subjectOf(ports.parties, parsed.query);
      if (subject === undefined || subject === "unknown") return notFound(request.traceparent);
      return read(ports, request, parsed.query, subjectFeed(ports.events, subject), {});
    },
  );
