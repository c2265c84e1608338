/** POST /future/orders: one order and its reminders. POST /future/orders/composed-email: one e-mail with files. */
import type { HttpHandler } from "@azure/functions";
import { endpoint } from "../../platform/http/endpoint.ts";
import type { ChainWish } from "../domain/order-wish.ts";
import { placeOrder, type PlaceOrderPorts } from "../use-cases/place-order.ts";
import { aboutPlaceComposedEmail, aboutPlaceOrder } from "./about-orders.ts";
import {
  type Accepted,
  type AcceptPorts,
  type RequestKind,
  whenAccepted,
} from "./accept-request.ts";
import { mayCompose, mayCreate } from "./creator.ts";
import { answerToPlacement } from "./receipt.ts";
import { checkComposedEmail, toComposedEmail } from "./requests/composed-email-rules.ts";
import { composedEmailSchema } from "./requests/composed-email-schema.ts";
import { checkFutureOrder } from "./requests/future-order-rules.ts";
import { futureOrderSchema } from "./requests/future-order-schema.ts";
import { limits } from "./requests/limits.ts";
import { toFutureOrders } from "./requests/to-future-order.ts";

export interface PlaceOrderHttpPorts extends AcceptPorts, PlaceOrderPorts {
  readonly baseUrl: string;
}

/** How every endpoint that takes an order reads it. */
export const takesOrder = { takes: "json", maxBodyInBytes: limits.bodyInBytes } as const;

export const futureOrder: RequestKind<typeof futureOrderSchema> = {
  schema: futureOrderSchema,
  parameter: "notificationOrderRequest",
  check: checkFutureOrder,
};

const composedEmail: RequestKind<typeof composedEmailSchema> = {
  schema: composedEmailSchema,
  parameter: "orderRequest",
  check: checkComposedEmail,
};

/** What every request with an idempotency id says of the chain that is to be. */
export const toChainWish = (
  { creator, payloadHash, request }: Accepted<{ readonly idempotencyId: string }>,
  traceparent: string,
  rest: Pick<ChainWish, "type" | "orders">,
): ChainWish => ({
  creator,
  payloadHash,
  traceparent,
  idempotencyId: request.idempotencyId,
  ...rest,
});

export const placeOrderHttp = (ports: PlaceOrderHttpPorts): HttpHandler =>
  endpoint({ ...mayCreate, ...takesOrder, about: aboutPlaceOrder }, ports, (http) =>
    whenAccepted(ports, futureOrder, http, async (accepted) => {
      const orders = toFutureOrders(accepted.request, accepted.now);
      const wish = toChainWish(accepted, http.traceparent, { type: "future", orders });
      return answerToPlacement(ports.baseUrl, await placeOrder(ports, wish), http.traceparent);
    }),
  );

export const placeComposedEmailHttp = (ports: PlaceOrderHttpPorts): HttpHandler =>
  endpoint({ ...mayCompose, ...takesOrder, about: aboutPlaceComposedEmail }, ports, (http) =>
    whenAccepted(ports, composedEmail, http, async (accepted) => {
      const orders = [toComposedEmail(accepted.request, accepted.now)];
      const wish = toChainWish(accepted, http.traceparent, { type: "composed", orders });
      return answerToPlacement(ports.baseUrl, await placeOrder(ports, wish), http.traceparent);
    }),
  );
