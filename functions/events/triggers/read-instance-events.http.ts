/** The feeds as the first design named them: by app, and by a party whose national number stays out of the address. */
import type { HttpHandler } from "@azure/functions";
import { z } from "zod";
import { withBearer } from "../../platform/auth/policies.ts";
import { endpoint } from "../../platform/http/endpoint.ts";
import { problem } from "../../platform/http/problem.ts";
import { pathOf, resourceOfApp } from "../domain/cloud-event.ts";
import type { Parties } from "../domain/ports.ts";
import type { StoredEvent } from "../domain/stored-event.ts";
import { ticksOf } from "../domain/timestamp.ts";
import { wantedBy } from "../use-cases/event-filter.ts";
import { feedOfResource } from "../use-cases/project-events.ts";
import { aboutReadInstanceEvents, aboutReadPartyEvents } from "./about-feeds.ts";
import { callerFor } from "./delegated-caller.ts";
import { eventCallerOf } from "./event-caller.ts";
import { serveFeed } from "./feed-answer.ts";
import { logFeed, subjectFeed } from "./feeds.ts";
import { parseJson } from "./json-body.ts";
import { queryOf } from "./query.ts";
import type { ReadAppFeedsPorts } from "./read-app-feeds.http.ts";
import { invalidRequest, notFound } from "./reference-answers.ts";

/** A page of these feeds, which have no parameter for it. */
const SIZE = 200;

const time = z.string().refine((text) => ticksOf(text) !== undefined, "Must be an RFC 3339 time.");

export const partyEventsSchema = z.object({
  appId: z
    .string()
    .regex(/^[^/]+\/[^/]+$/, "Must be org/app.")
    .nullish(),
  party: z.object({
    personNumber: z
      .string()
      .regex(/^\d{11}$/)
      .nullish(),
    organisationNumber: z
      .string()
      .regex(/^\d{9}$/)
      .nullish(),
  }),
  fromTime: time.nullish(),
  type: z.string().min(1).nullish(),
  after: z.string().min(1).nullish(),
});

const fromOf = (text: string | null | undefined): { from?: bigint } => {
  const ticks = text ? ticksOf(text) : undefined;
  return ticks === undefined ? {} : { from: ticks };
};

const typesOf = (text: string | null | undefined): { types?: readonly string[] } =>
  text ? { types: [text] } : {};

export const readInstanceEventsHttp = (ports: ReadAppFeedsPorts): HttpHandler =>
  endpoint(
    { takes: "json", access: withBearer, about: aboutReadInstanceEvents },
    ports,
    async (request) => {
      const { org = "", app = "" } = request.http.params;
      const caller = callerFor(request.caller, org, app);
      if (caller === "forbidden") return problem("forbidden");
      const query = queryOf(request.http);
      const from = query.text("from");
      if (from !== undefined && ticksOf(from) === undefined) {
        return invalidRequest({ from: ["Must be an RFC 3339 time."] }, request.traceparent);
      }
      const feed = logFeed(ports.feeds, feedOfResource(resourceOfApp(org, app)));
      return serveFeed(ports, request, feed, {
        after: query.text("after") ?? "oldest",
        size: SIZE,
        isWanted: wantedBy({
          letterCase: "sensitive",
          ...fromOf(from),
          ...typesOf(query.text("eventType")),
        }),
        caller,
        action: "read",
      });
    },
  );

type PartyEvents = z.infer<typeof partyEventsSchema>;

/** The party that is named by exactly one number; `"ambiguous"` otherwise. */
async function partyOf(
  parties: Parties,
  { personNumber, organisationNumber }: PartyEvents["party"],
): Promise<number | "ambiguous" | undefined> {
  if (personNumber && !organisationNumber) return parties.findPartyId({ ssn: personNumber });
  if (organisationNumber && !personNumber) {
    return parties.findPartyId({ orgNo: organisationNumber });
  }
  return "ambiguous";
}

/** Which events are asked for. */
function wantedOf({ appId, fromTime, type }: PartyEvents): (stored: StoredEvent) => boolean {
  const [org = "", app = ""] = pathOf(`/${appId ?? ""}`);
  return wantedBy({
    letterCase: "sensitive",
    appsOnly: true,
    ...(appId && { resource: resourceOfApp(org, app) }),
    ...fromOf(fromTime),
    ...typesOf(type),
  });
}

export const readPartyEventsHttp = (ports: ReadAppFeedsPorts): HttpHandler =>
  endpoint(
    { takes: "json", access: withBearer, about: aboutReadPartyEvents(partyEventsSchema) },
    ports,
    async (request) => {
      const parsed = parseJson(partyEventsSchema, request.body);
      if (parsed.kind === "invalid") return invalidRequest(parsed.errors, request.traceparent);
      const partyId = await partyOf(ports.parties, parsed.value.party);
      if (partyId === "ambiguous") {
        const message = "Exactly one of personNumber and organisationNumber is needed.";
        return invalidRequest({ "$.party": [message] }, request.traceparent);
      }
      if (partyId === undefined) return notFound(request.traceparent);
      return serveFeed(ports, request, subjectFeed(ports.events, `/party/${partyId}`), {
        // `next` has it in the address, the first design in the body.
        after: queryOf(request.http).text("after") ?? parsed.value.after ?? "oldest",
        size: SIZE,
        isWanted: wantedOf(parsed.value),
        caller: eventCallerOf(request.caller),
        action: "read",
      });
    },
  );
