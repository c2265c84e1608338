/** What an owner may ask of one subscription besides reading it: change it, test it, explain what it did. */
import type { HttpHandler } from "@azure/functions";
import { withBearer } from "../../platform/auth/policies.ts";
import { endpoint } from "../../platform/http/endpoint.ts";
import {
  aboutChangeSubscription,
  aboutExplainDelivery,
  aboutSendTestEvent,
} from "./about-subscriptions.ts";
import {
  changeSubscription,
  sendTestEvent,
  type SendTestEventPorts,
} from "../use-cases/change-subscription.ts";
import { explainDelivery, type ExplainDeliveryPorts } from "../use-cases/explain-delivery.ts";
import { eventCallerOf } from "./event-caller.ts";
import { parseJson } from "./json-body.ts";
import {
  answerToFound,
  answerToRefusal,
  type ManageSubscriptionsHttpPorts,
  withId,
} from "./manage-subscriptions.http.ts";
import { queryOf } from "./query.ts";
import { invalidRequest, jsonAnswer } from "./reference-answers.ts";
import { removedBy, subscriptionSchema, toJson, toWish } from "./subscription-json.ts";

export type InspectSubscriptionPorts = ManageSubscriptionsHttpPorts &
  ExplainDeliveryPorts &
  SendTestEventPorts;

const owned = { takes: "json", access: withBearer } as const;

export const changeSubscriptionHttp = (ports: InspectSubscriptionPorts): HttpHandler =>
  endpoint(
    { ...owned, about: aboutChangeSubscription(subscriptionSchema) },
    ports,
    withId(async ({ body, caller, traceparent }, id) => {
      const parsed = parseJson(subscriptionSchema, body);
      if (parsed.kind === "invalid") return invalidRequest(parsed.errors, traceparent);
      const wanted = { wish: toWish(parsed.value), removed: removedBy(parsed.value) };
      const change = await changeSubscription(ports, eventCallerOf(caller), id, wanted);
      if (change.kind === "invalid" || change.kind === "forbidden") return answerToRefusal(change);
      return answerToFound(change, (it) => jsonAnswer(200, toJson(it)));
    }),
  );

export const sendTestEventHttp = (ports: InspectSubscriptionPorts): HttpHandler =>
  endpoint(
    { ...owned, about: aboutSendTestEvent },
    ports,
    withId(async ({ caller, traceparent }, id) =>
      answerToFound(await sendTestEvent(ports, eventCallerOf(caller), id, traceparent), (answer) =>
        jsonAnswer(200, answer),
      ),
    ),
  );

export const explainDeliveryHttp = (ports: InspectSubscriptionPorts): HttpHandler =>
  endpoint(
    { ...owned, about: aboutExplainDelivery },
    ports,
    withId(async ({ caller, http, traceparent }, id) => {
      const event = queryOf(http).text("event");
      if (!event) {
        return invalidRequest({ event: ["The event field is required."] }, traceparent);
      }
      const found = await explainDelivery(ports, eventCallerOf(caller), id, event);
      return answerToFound(found, (explanation) => jsonAnswer(200, explanation));
    }),
  );
