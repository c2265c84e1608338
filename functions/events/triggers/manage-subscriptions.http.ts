/** Subscriptions over HTTP: create, read, list, delete, and what was delivered. */
import type { HttpHandler, HttpResponseInit } from "@azure/functions";
import { z } from "zod";
import { withBearer, withPlatformToken } from "../../platform/auth/policies.ts";
import {
  endpoint,
  type EndpointPorts,
  type EndpointRequest,
} from "../../platform/http/endpoint.ts";
import {
  aboutCreateSubscription,
  aboutDeleteSubscription,
  aboutGetSubscription,
  aboutListDeliveries,
  aboutListSubscriptions,
  aboutMarkValidated,
  aboutRotateSecret,
} from "./about-subscriptions.ts";
import {
  createSubscription,
  type CreateSubscriptionPorts,
} from "../use-cases/create-subscription.ts";
import {
  deleteSubscription,
  type Found,
  listDeliveries,
  listSubscriptions,
  type ManageSubscriptionsPorts,
  rotateSecret,
} from "../use-cases/manage-subscriptions.ts";
import { viewSubscription } from "../use-cases/park-subscription.ts";
import type { Refusal } from "../use-cases/subscription-request.ts";
import { markValidated } from "../use-cases/validate-subscription.ts";
import { eventCallerOf } from "./event-caller.ts";
import { parseJson } from "./json-body.ts";
import { queryOf } from "./query.ts";
import { emptyAnswer, invalidRequest, jsonAnswer, textAnswer } from "./reference-answers.ts";
import { subscriptionSchema, toDeliveryJson, toJson, toWish } from "./subscription-json.ts";

export interface ManageSubscriptionsHttpPorts
  extends EndpointPorts, CreateSubscriptionPorts, ManageSubscriptionsPorts {
  readonly baseUrl: string;
}

/** What a reader of the delivery log may ask for. */
const deliveryStateSchema = z.enum([
  "pending",
  "delivered",
  "held",
  "skipped",
  "unauthorized",
  "dead-lettered",
]);

const owned = { takes: "json", access: withBearer } as const;

/** Runs with the id of the path; anything but a number is told as the reference tells it. */
export const withId =
  (run: (request: EndpointRequest, id: number) => Promise<HttpResponseInit>) =>
  (request: EndpointRequest): Promise<HttpResponseInit> => {
    const text = request.http.params["id"] ?? "";
    if (/^\d{1,15}$/.test(text)) return run(request, Number(text));
    const errors = { id: [`The value '${text}' is not valid.`] };
    return Promise.resolve(invalidRequest(errors, request.traceparent));
  };

export const answerToFound = <Thing>(
  found: Found<Thing>,
  answer: (thing: Thing) => HttpResponseInit,
): HttpResponseInit => {
  if (found.kind === "found") return answer(found.thing);
  return emptyAnswer(found.kind === "absent" ? 404 : 403);
};

/** The reference's words as a JSON string, or nothing where it says nothing. */
export const answerToRefusal = ({ kind, message }: Refusal): HttpResponseInit => {
  const status = kind === "invalid" ? 400 : 403;
  return message === undefined ? emptyAnswer(status) : textAnswer(status, message);
};

export const createSubscriptionHttp = (ports: ManageSubscriptionsHttpPorts): HttpHandler =>
  endpoint(
    { ...owned, about: aboutCreateSubscription(subscriptionSchema) },
    ports,
    async ({ body, caller, traceparent }) => {
      const parsed = parseJson(subscriptionSchema, body);
      if (parsed.kind === "invalid") return invalidRequest(parsed.errors, traceparent);
      const creation = await createSubscription(ports, eventCallerOf(caller), toWish(parsed.value));
      switch (creation.kind) {
        case "invalid":
        case "forbidden":
          return answerToRefusal(creation);
        case "created":
        case "exists": {
          const { subscription, kind } = creation;
          const secret = kind === "created" ? { secret: subscription.secret } : {};
          const location = `${ports.baseUrl}/events/api/v1/subscriptions/${subscription.id}`;
          return jsonAnswer(201, { ...toJson(subscription), ...secret }, { location });
        }
      }
    },
  );

export const getSubscriptionHttp = (ports: ManageSubscriptionsHttpPorts): HttpHandler =>
  endpoint(
    { ...owned, about: aboutGetSubscription },
    ports,
    withId(async ({ caller }, id) =>
      answerToFound(await viewSubscription(ports, eventCallerOf(caller), id), ({ it, held }) =>
        jsonAnswer(200, { ...toJson(it), held }),
      ),
    ),
  );

export const listSubscriptionsHttp = (ports: ManageSubscriptionsHttpPorts): HttpHandler =>
  endpoint({ ...owned, about: aboutListSubscriptions }, ports, async ({ caller }) => {
    const subscriptions = await listSubscriptions(ports, eventCallerOf(caller));
    return jsonAnswer(200, {
      count: subscriptions.length,
      subscriptions: subscriptions.map(toJson),
    });
  });

export const deleteSubscriptionHttp = (ports: ManageSubscriptionsHttpPorts): HttpHandler =>
  endpoint(
    { ...owned, about: aboutDeleteSubscription },
    ports,
    withId(async ({ caller }, id) =>
      answerToFound(await deleteSubscription(ports, eventCallerOf(caller), id), () =>
        emptyAnswer(200),
      ),
    ),
  );

/** Private: only the platform itself may say that a subscription is valid. */
export const markValidatedHttp = (ports: ManageSubscriptionsHttpPorts): HttpHandler =>
  endpoint(
    {
      takes: "json",
      about: aboutMarkValidated,
      access: (caller) => {
        const access = withPlatformToken(caller);
        return access === "granted" && caller.platformApp?.issuer !== "platform"
          ? "forbidden"
          : access;
      },
    },
    ports,
    withId(async (_request, id) => {
      const subscription = await ports.subscriptions.get(id);
      if (!subscription) return emptyAnswer(404);
      await markValidated(ports, subscription);
      return jsonAnswer(200, toJson(subscription));
    }),
  );

export const rotateSecretHttp = (ports: ManageSubscriptionsHttpPorts): HttpHandler =>
  endpoint(
    { ...owned, about: aboutRotateSecret },
    ports,
    withId(async ({ caller }, id) =>
      answerToFound(await rotateSecret(ports, eventCallerOf(caller), id), ({ secret }) =>
        jsonAnswer(200, { secret }),
      ),
    ),
  );

export const listDeliveriesHttp = (ports: ManageSubscriptionsHttpPorts): HttpHandler =>
  endpoint(
    { ...owned, about: aboutListDeliveries },
    ports,
    withId(async ({ caller, http, traceparent }, id) => {
      const query = queryOf(http);
      const limit = query.integer("size") ?? 200;
      const state = deliveryStateSchema.optional().safeParse(query.text("state"));
      if (limit === "invalid" || limit < 1 || !state.success) {
        const name = state.success ? "size" : "state";
        const errors = { [name]: [`The value '${query.text(name) ?? ""}' is not valid.`] };
        return invalidRequest(errors, traceparent);
      }
      const found = await listDeliveries(ports, eventCallerOf(caller), id, {
        limit: Math.min(limit, 1000),
        ...(state.data && { state: state.data }),
      });
      return answerToFound(found, (deliveries) =>
        jsonAnswer(200, { count: deliveries.length, deliveries: deliveries.map(toDeliveryJson) }),
      );
    }),
  );
