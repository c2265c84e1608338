/** Reading the events of one instance without a token, by a link that the app's owner issued; off unless allowed. */
import type { HttpHandler } from "@azure/functions";
import { z } from "zod";
import { anonymous, type Caller, orgOf } from "../../platform/auth/caller.ts";
import { open } from "../../platform/auth/policies.ts";
import { type Access, endpoint } from "../../platform/http/endpoint.ts";
import { problem } from "../../platform/http/problem.ts";
import { type ResourceEvent, resourceOfApp } from "../domain/cloud-event.ts";
import type { InstanceLinks } from "../domain/instance-link.ts";
import { wantedBy } from "../use-cases/event-filter.ts";
import { aboutReadSharedInstance, aboutShareInstance } from "./about-feeds.ts";
import { eventCallerOf } from "./event-caller.ts";
import { serveFeed } from "./feed-answer.ts";
import { subjectFeed } from "./feeds.ts";
import { parseJson } from "./json-body.ts";
import { queryOf } from "./query.ts";
import type { ReadAppFeedsPorts } from "./read-app-feeds.http.ts";
import { invalidRequest, jsonAnswer } from "./reference-answers.ts";

export interface ShareInstancePorts extends ReadAppFeedsPorts {
  readonly links: InstanceLinks;
  /** Whether this installation lets anybody read anything without a token. */
  readonly mayShareInstances: boolean;
}

/** A page for somebody who waits for one thing to happen. */
const SIZE = 200;

const MAX_MINUTES = 7 * 24 * 60;

export const linkRequestSchema = z.object({
  expiresInMinutes: z.number().int().min(1).max(MAX_MINUTES).nullish(),
});

const linkSchema = z.object({
  link: z.string(),
  expires: z.string().meta({ format: "date-time" }),
  url: z.string(),
});

export const sharedReadSchema = z.object({
  link: z.string().min(1).max(2000),
  after: z.string().min(1).nullish(),
});

const withAnyToken = ({ claims, platformApp }: Caller): Access =>
  claims || platformApp ? "granted" : "unauthenticated";

/** The service owner itself, or the app. */
const isOwner = (caller: Caller, org: string, app: string): boolean =>
  orgOf(caller) === org || (caller.platformApp?.issuer === org && caller.platformApp.app === app);

const isOff = () => problem("not-found", { detail: "This installation has no such links." });

export const shareInstanceHttp = (ports: ShareInstancePorts): HttpHandler =>
  endpoint(
    {
      takes: "json",
      access: withAnyToken,
      about: aboutShareInstance(linkRequestSchema, linkSchema),
    },
    ports,
    ({ http, caller, body, traceparent }) => {
      if (!ports.mayShareInstances) return Promise.resolve(isOff());
      const { org = "", app = "", party = "", instance = "" } = http.params;
      if (!isOwner(caller, org, app)) return Promise.resolve(problem("forbidden"));
      const parsed = parseJson(linkRequestSchema, body === "" ? "{}" : body);
      if (parsed.kind === "invalid") {
        return Promise.resolve(invalidRequest(parsed.errors, traceparent));
      }
      const expiresAt = ports.clock.now() + (parsed.value.expiresInMinutes ?? 60) * 60_000;
      const answer: z.infer<typeof linkSchema> = {
        link: ports.links.issue({ org, app, instance: `${party}/${instance}`, expiresAt }),
        expires: new Date(expiresAt).toISOString(),
        url: `${ports.baseUrl}/events/instanceeventsforinstance/${instance}`,
      };
      return Promise.resolve(jsonAnswer(201, answer));
    },
  );

/** Whom the event is about stays out of what everybody with the link can read. */
const withoutPersons = (event: ResourceEvent): object =>
  Object.fromEntries(
    Object.entries(event).filter(([name]) => !["alternativesubject", "data"].includes(name)),
  );

/** What the link in a request is for; `undefined` when it is not for this instance, or no longer good. */
function sharedBy(ports: ShareInstancePorts, link: string, instanceId: string | undefined) {
  const shared = ports.links.read(link, ports.clock.now());
  const [party = "", instance = ""] = shared?.instance.split("/") ?? [];
  return shared && instance === instanceId ? { ...shared, subject: `/party/${party}` } : undefined;
}

export const readSharedInstanceHttp = (ports: ShareInstancePorts): HttpHandler =>
  endpoint(
    { takes: "json", access: open, about: aboutReadSharedInstance(sharedReadSchema) },
    ports,
    async (request) => {
      if (!ports.mayShareInstances) return isOff();
      const parsed = parseJson(sharedReadSchema, request.body);
      if (parsed.kind === "invalid") return invalidRequest(parsed.errors, request.traceparent);
      const shared = sharedBy(ports, parsed.value.link, request.http.params["instanceId"]);
      if (!shared) return problem("forbidden");
      const resource = resourceOfApp(shared.org, shared.app);
      const isOfApp = wantedBy({ letterCase: "sensitive", resource });
      const byLink = {
        ...ports,
        show: withoutPersons,
        decisions: {
          decide: (asked: readonly unknown[]) => Promise.resolve(asked.map(() => true)),
        },
      };
      return serveFeed(byLink, request, subjectFeed(ports.events, shared.subject), {
        after: queryOf(request.http).text("after") ?? parsed.value.after ?? "oldest",
        size: SIZE,
        isWanted: (stored) => stored.event.resourceinstance === shared.instance && isOfApp(stored),
        caller: eventCallerOf(anonymous),
        action: "read",
      });
    },
  );
