/** POST /future/orders: one order and its reminders. */
import type { HttpHandler, HttpResponseInit } from "@azure/functions";
import { derivedKey } from "../../kernel/derived-id.ts";
import type { Clock } from "../../kernel/ports.ts";
import {
  endpoint,
  type EndpointPorts,
  type EndpointRequest,
} from "../../platform/http/endpoint.ts";
import { problem } from "../../platform/http/problem.ts";
import type { Chain } from "../domain/order.ts";
import type { ChainWish } from "../domain/order-wish.ts";
import { placeOrder, type Placement, type PlaceOrderPorts } from "../use-cases/place-order.ts";
import { aboutPlaceOrder } from "./about-orders.ts";
import {
  emptyAnswer,
  invalidRequest,
  jsonAnswer,
  networkFailure,
  notificationProblem,
} from "./answers.ts";
import { creatorOf, mayCreate } from "./creator.ts";
import type { RuleContext } from "./requests/base-rules.ts";
import { bind } from "./requests/bind.ts";
import { type Findings, isClean } from "./requests/findings.ts";
import { checkFutureOrder } from "./requests/future-order-rules.ts";
import { futureOrderSchema } from "./requests/future-order-schema.ts";
import { limits } from "./requests/limits.ts";
import { toFutureOrders } from "./requests/to-future-order.ts";
import type { z } from "zod";

export interface OrderHttpPorts extends EndpointPorts, PlaceOrderPorts {
  readonly baseUrl: string;
  readonly isCallable: RuleContext["isCallable"];
  readonly attachmentHosts: RuleContext["attachmentHosts"];
}

/** One kind of request: how its body is read and checked. */
export interface RequestKind<Schema extends z.ZodObject> {
  readonly schema: Schema;
  /** As the reference names the body in errors. */
  readonly parameter: string;
  readonly check: (request: z.infer<Schema>, context: RuleContext) => Findings;
}

export interface Accepted<Request> {
  readonly request: Request;
  readonly creator: string;
  /** When the request came; milliseconds since the epoch. */
  readonly now: number;
  /** The same for every spelling of the same request. */
  readonly payloadHash: string;
}

export const ruleContextOf = (
  ports: { readonly clock: Clock } & Omit<RuleContext, "now">,
): RuleContext => ({
  now: ports.clock.now(),
  isCallable: ports.isCallable,
  attachmentHosts: ports.attachmentHosts,
});

/** Reads a body, and names the caller, in the order of the reference: a bad body is told before a missing creator. */
export async function whenAccepted<Schema extends z.ZodObject>(
  ports: OrderHttpPorts,
  kind: RequestKind<Schema>,
  { body, caller, traceparent }: EndpointRequest,
  run: (accepted: Accepted<z.infer<Schema>>) => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  const context = ruleContextOf(ports);
  const bound = bind(kind.schema, body, kind.parameter);
  if (bound.kind === "refused") return invalidRequest(bound.errors, traceparent);
  const findings = kind.check(bound.value, context);
  if (!isClean(findings)) return invalidRequest(findings.errors, traceparent);
  const creator = creatorOf(caller);
  if (creator === undefined) return emptyAnswer(403);
  const payloadHash = derivedKey(JSON.stringify(bound.value));
  return run({ request: bound.value, creator, now: context.now, payloadHash });
}

const toReceipt = ({ id, sendersReference }: Chain["shipments"][number]): object => ({
  shipmentId: id,
  sendersReference,
});

/** What a request and each of its repeats is answered with. */
export function receiptOf({ id, shipments }: Chain): object {
  const [main, ...reminders] = shipments;
  if (!main) throw new Error("A chain without orders");
  return {
    notificationOrderId: id,
    notification: {
      ...toReceipt(main),
      ...(reminders.length > 0 && { reminders: reminders.map(toReceipt) }),
    },
  };
}

/** NO-D23: to something that is there. */
export const locationOf = (baseUrl: string, { shipments }: Chain): string =>
  `${baseUrl}/notifications/api/v1/future/shipment/${shipments[0]?.id ?? ""}`;

export function answerToPlacement(
  baseUrl: string,
  placement: Placement,
  traceId: string,
): HttpResponseInit {
  switch (placement.kind) {
    case "placed":
    case "repeated": {
      const { kind, chain } = placement;
      const location = locationOf(baseUrl, chain);
      return jsonAnswer(kind === "placed" ? 201 : 200, receiptOf(chain), { location });
    }
    case "conflict":
      return problem("idempotency-conflict", { members: { traceId } });
    case "missing-contact":
      return notificationProblem("NOT-00001", traceId);
    case "register-unavailable":
      return networkFailure(placement.delayInSeconds, traceId);
  }
}

const futureOrder: RequestKind<typeof futureOrderSchema> = {
  schema: futureOrderSchema,
  parameter: "notificationOrderRequest",
  check: checkFutureOrder,
};

export const placeOrderHttp = (ports: OrderHttpPorts): HttpHandler =>
  endpoint(
    { ...mayCreate, takes: "json", maxBodyInBytes: limits.bodyInBytes, about: aboutPlaceOrder },
    ports,
    (http) =>
      whenAccepted(ports, futureOrder, http, async (accepted) => {
        const { request, creator, now, payloadHash } = accepted;
        const wish: ChainWish = {
          creator,
          type: "future",
          idempotencyId: request.idempotencyId,
          payloadHash,
          traceparent: http.traceparent,
          orders: toFutureOrders(request, now),
        };
        return answerToPlacement(ports.baseUrl, await placeOrder(ports, wish), http.traceparent);
      }),
  );
