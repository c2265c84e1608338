/** POST /future/orders/instant, /instant/sms, /instant/email: one message, sent within the request. */
import type { HttpHandler } from "@azure/functions";
import type { z } from "zod";
import { endpoint } from "../../platform/http/endpoint.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import type { OrderWish } from "../domain/order-wish.ts";
import {
  placeInstantOrder,
  type PlaceInstantOrderPorts,
} from "../use-cases/place-instant-order.ts";
import { aboutInstantOrder } from "./about-orders.ts";
import { type AcceptPorts, type RequestKind, whenAccepted } from "./accept-request.ts";
import { mayCreate } from "./creator.ts";
import { takesOrder, toChainWish } from "./place-order.http.ts";
import { answerToPlacement } from "./receipt.ts";
import {
  checkInstantEmail,
  checkInstantOrder,
  checkInstantSms,
  toInstantEmail,
  toInstantSms,
} from "./requests/instant-order-rules.ts";
import {
  instantEmailSchema,
  instantOrderSchema,
  instantSmsSchema,
} from "./requests/instant-order-schema.ts";

export interface PlaceInstantOrderHttpPorts extends AcceptPorts, PlaceInstantOrderPorts {
  readonly baseUrl: string;
}

interface InstantKind<Schema extends z.ZodObject> extends RequestKind<Schema> {
  readonly about: OperationAbout;
  readonly toOrder: (request: z.infer<Schema>, now: number) => OrderWish;
}

/** All three share one scope of idempotency ids. */
const instantHttp = <Schema extends z.ZodObject<{ idempotencyId: z.ZodString }>>(
  ports: PlaceInstantOrderHttpPorts,
  kind: InstantKind<Schema>,
): HttpHandler =>
  endpoint({ ...mayCreate, ...takesOrder, about: kind.about }, ports, (http) =>
    whenAccepted(ports, kind, http, async (accepted) => {
      const orders = [kind.toOrder(accepted.request, accepted.now)];
      const wish = toChainWish(accepted, http.traceparent, { type: "instant", orders });
      const placement = await placeInstantOrder(ports, wish);
      return answerToPlacement(ports.baseUrl, placement, http.traceparent);
    }),
  );

export const placeInstantOrderHttp = (ports: PlaceInstantOrderHttpPorts): HttpHandler =>
  instantHttp(ports, {
    schema: instantOrderSchema,
    parameter: "request",
    check: checkInstantOrder,
    toOrder: (request, now) => toInstantSms(request, request.recipient.recipientSms, now),
    about: aboutInstantOrder("Send an SMS now (deprecated)", instantOrderSchema),
  });

export const placeInstantSmsHttp = (ports: PlaceInstantOrderHttpPorts): HttpHandler =>
  instantHttp(ports, {
    schema: instantSmsSchema,
    parameter: "request",
    check: checkInstantSms,
    toOrder: (request, now) => toInstantSms(request, request.recipientSms, now),
    about: aboutInstantOrder("Send an SMS now", instantSmsSchema),
  });

export const placeInstantEmailHttp = (ports: PlaceInstantOrderHttpPorts): HttpHandler =>
  instantHttp(ports, {
    schema: instantEmailSchema,
    parameter: "request",
    check: checkInstantEmail,
    toOrder: toInstantEmail,
    about: aboutInstantOrder("Send an e-mail now", instantEmailSchema),
  });
