/** GET /events: the events of one resource, for subscribers of it. */
import type { HttpHandler, HttpResponseInit } from "@azure/functions";
import { withScope } from "../../platform/auth/policies.ts";
import {
  endpoint,
  type EndpointPorts,
  type EndpointRequest,
} from "../../platform/http/endpoint.ts";
import type { EventFeeds, EventStore } from "../domain/ports.ts";
import { wantedBy } from "../use-cases/event-filter.ts";
import { aboutReadResourceFeed } from "./about-feeds.ts";
import { eventCallerOf } from "./event-caller.ts";
import { serveFeed, type ServeFeedPorts } from "./feed-answer.ts";
import { resourceFeed } from "./feeds.ts";
import { headerOf, type Query as ParameterQuery, queryOf } from "./query.ts";
import { badRequest, invalidRequest } from "./reference-answers.ts";

export interface ReadResourceFeedPorts extends EndpointPorts, ServeFeedPorts {
  readonly events: EventStore;
  readonly feeds: EventFeeds;
}

const PREFIX = "urn:altinn:resource:";
const DEFAULT_SIZE = 50;
const MAX_SIZE = 1000;

interface Query {
  readonly resource: string;
  readonly after: string;
  readonly size: number;
  readonly subject?: string;
  readonly alternativeSubject?: string;
  readonly types: readonly string[];
}

/** What is wrong with the values, in the reference's order. */
function faultOf(query: ParameterQuery, alternativeSubject: string | undefined) {
  if (!query.text("resource")?.startsWith(PREFIX)) {
    return `The 'resource' parameter must begin with \`${PREFIX}\``;
  }
  if (!query.text("after")) return "The 'after' parameter must be defined.";
  return query.text("subject") && alternativeSubject
    ? "Only one of 'subject' or 'alternativeSubject' can be defined."
    : undefined;
}

/** The query, or the answer that says what is wrong with it. */
function readQuery({ http, traceparent }: EndpointRequest): Query | HttpResponseInit {
  const query = queryOf(http);
  const size = query.integer("size") ?? DEFAULT_SIZE;
  if (size === "invalid") {
    const message = `The value '${query.text("size") ?? ""}' is not valid.`;
    return invalidRequest({ size: [message] }, traceparent);
  }
  const resource = query.text("resource");
  if (!resource) {
    return invalidRequest({ resource: ["The resource field is required."] }, traceparent);
  }
  const alternativeSubject = headerOf(http, "altinn-alternativesubject");
  const fault = faultOf(query, alternativeSubject);
  if (fault !== undefined) return badRequest(fault, traceparent);
  const subject = query.text("subject");
  return {
    resource,
    after: query.text("after") ?? "",
    size: size < 1 ? DEFAULT_SIZE : Math.min(size, MAX_SIZE),
    types: query.texts("type"),
    ...(subject && { subject }),
    ...(alternativeSubject && { alternativeSubject }),
  };
}

export const readResourceFeedHttp = (ports: ReadResourceFeedPorts): HttpHandler =>
  endpoint(
    {
      takes: "json",
      access: withScope("altinn:events.subscribe"),
      about: aboutReadResourceFeed,
    },
    ports,
    async (request) => {
      const query = readQuery(request);
      if (!("resource" in query)) return query;
      const { resource, after, size, ...filters } = query;
      return serveFeed(ports, request, resourceFeed(ports, resource, filters.subject), {
        after,
        size,
        isWanted: wantedBy({ ...filters, resource, letterCase: "sensitive" }),
        caller: eventCallerOf(request.caller),
        action: "subscribe",
      });
    },
  );
