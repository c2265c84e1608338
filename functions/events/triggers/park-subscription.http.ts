/** Parking a subscription over HTTP, taking it up again, and trying again what was given up. */
import type { HttpHandler } from "@azure/functions";
import { z } from "zod";
import { withBearer } from "../../platform/auth/policies.ts";
import { endpoint } from "../../platform/http/endpoint.ts";
import { problem } from "../../platform/http/problem.ts";
import { ticksOf } from "../domain/timestamp.ts";
import {
  pauseSubscription,
  redriveDeliveries,
  redriveOne,
  resumeSubscription,
} from "../use-cases/park-subscription.ts";
import {
  aboutPauseSubscription,
  aboutRedriveDeliveries,
  aboutResumeSubscription,
} from "./about-subscriptions.ts";
import { eventCallerOf } from "./event-caller.ts";
import { parseJson } from "./json-body.ts";
import {
  answerToFound,
  type ManageSubscriptionsHttpPorts,
  withId,
} from "./manage-subscriptions.http.ts";
import { type Query, queryOf } from "./query.ts";
import { invalidRequest, jsonAnswer } from "./reference-answers.ts";
import { toJson } from "./subscription-json.ts";

const owned = { takes: "json", access: withBearer } as const;

export const pauseSubscriptionHttp = (ports: ManageSubscriptionsHttpPorts): HttpHandler =>
  endpoint(
    { ...owned, about: aboutPauseSubscription },
    ports,
    withId(async ({ caller }, id) =>
      answerToFound(await pauseSubscription(ports, eventCallerOf(caller), id), (it) =>
        jsonAnswer(200, toJson(it)),
      ),
    ),
  );

/** What becomes of what was held; all of it is pushed when nothing is said. */
export const resumeSchema = z.object({
  replay: z.enum(["all", "latest", "skip"]).nullish(),
});

export const resumeSubscriptionHttp = (ports: ManageSubscriptionsHttpPorts): HttpHandler =>
  endpoint(
    { ...owned, about: aboutResumeSubscription(resumeSchema) },
    ports,
    withId(async ({ body, caller, traceparent }, id) => {
      const parsed = parseJson(resumeSchema, body.trim() === "" ? "{}" : body);
      if (parsed.kind === "invalid") return invalidRequest(parsed.errors, traceparent);
      const choice = parsed.value.replay ?? "all";
      const found = await resumeSubscription(ports, eventCallerOf(caller), id, choice);
      return answerToFound(found, (it) => jsonAnswer(202, toJson(it)));
    }),
  );

/** The bounds of a range that are no instants of UTC, by name. */
const malformedIn = (query: Query): readonly string[] =>
  ["from", "to"].filter((name) => {
    const text = query.text(name);
    return text !== undefined && (!text.endsWith("Z") || ticksOf(text) === undefined);
  });

export const redriveDeliveriesHttp = (ports: ManageSubscriptionsHttpPorts): HttpHandler =>
  endpoint(
    { ...owned, about: aboutRedriveDeliveries },
    ports,
    withId(async ({ caller: token, http, traceparent }, id) => {
      const query = queryOf(http);
      const malformed = malformedIn(query);
      if (malformed.length > 0) {
        const message = "Must be an instant of UTC, such as 2026-01-05T11:00:00Z.";
        const errors = Object.fromEntries(malformed.map((name) => [name, [message]]));
        return invalidRequest(errors, traceparent);
      }
      const caller = eventCallerOf(token);
      const [key, from, to] = ["key", "from", "to"].map((name) => query.text(name));
      if (key === undefined) {
        const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
        const found = await redriveDeliveries(ports, caller, id, range);
        return answerToFound(found, (count) => jsonAnswer(202, { count }));
      }
      const detail = "There is no such delivery that was given up or is held.";
      return answerToFound(await redriveOne(ports, caller, id, key), (count) =>
        count === 0 ? problem("conflict", { detail }) : jsonAnswer(202, { count }),
      );
    }),
  );
