/** POST /orders, /orders/email, /orders/sms: the first order API. Always a new order; who cannot be told is said at once. */
import type { HttpHandler, HttpResponseInit } from "@azure/functions";
import type { z } from "zod";
import { endpoint } from "../../platform/http/endpoint.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import type { OrderWish } from "../domain/order-wish.ts";
import { shipmentIdOf } from "../domain/shipment-id.ts";
import type { ContactCheck } from "../use-cases/check-contacts.ts";
import { placeOrder } from "../use-cases/place-order.ts";
import { aboutLegacyOrder } from "./about-orders.ts";
import { type RequestKind, whenAccepted } from "./accept-request.ts";
import { jsonAnswer } from "./answers.ts";
import { mayCreate } from "./creator.ts";
import { type PlaceOrderHttpPorts, takesOrder } from "./place-order.http.ts";
import { answerToPlacement } from "./receipt.ts";
import {
  checkLegacyEmailOrder,
  checkLegacyOrder,
  checkLegacySmsOrder,
} from "./requests/legacy-order-rules.ts";
import {
  legacyEmailOrderSchema,
  legacyOrderSchema,
  legacySmsOrderSchema,
} from "./requests/legacy-order-schema.ts";
import { toLegacyEmailOrder, toLegacyOrder, toLegacySmsOrder } from "./requests/to-legacy-order.ts";

interface LegacyKind<Schema extends z.ZodObject> extends RequestKind<Schema> {
  readonly about: OperationAbout;
  readonly toOrder: (request: z.infer<Schema>, now: number) => OrderWish;
}

const statusOf = ({ lookedUp, reserved, missing }: ContactCheck): string => {
  const count = new Set([...reserved, ...missing]).size;
  if (count === 0) return "Success";
  return count === lookedUp.length ? "Failed" : "PartialSuccess";
};

/** Nothing when everybody came with an address. */
const toLookup = (check: ContactCheck | undefined): object | undefined =>
  check && check.lookedUp.length > 0
    ? { status: statusOf(check), isReserved: check.reserved, missingContact: check.missing }
    : undefined;

const answer = (
  baseUrl: string,
  chainId: string,
  checks: readonly ContactCheck[],
): HttpResponseInit => {
  const orderId = shipmentIdOf(chainId, 0);
  const location = `${baseUrl}/notifications/api/v1/orders/${orderId}`;
  return jsonAnswer(202, { orderId, recipientLookup: toLookup(checks[0]) }, { location });
};

const legacyHttp = <Schema extends z.ZodObject>(
  ports: PlaceOrderHttpPorts,
  kind: LegacyKind<Schema>,
): HttpHandler =>
  endpoint({ ...mayCreate, ...takesOrder, about: kind.about }, ports, (http) =>
    whenAccepted(ports, kind, http, async ({ request, creator, payloadHash, now }) => {
      const { traceparent } = http;
      const orders = [kind.toOrder(request, now)];
      const wish = { creator, type: "legacy", payloadHash, traceparent, orders } as const;
      const placement = await placeOrder(ports, wish, "accept");
      return placement.kind === "placed"
        ? answer(ports.baseUrl, placement.chain.id, placement.checks)
        : answerToPlacement(ports.baseUrl, placement, traceparent);
    }),
  );

export const placeLegacyOrderHttp = (ports: PlaceOrderHttpPorts): HttpHandler =>
  legacyHttp(ports, {
    schema: legacyOrderSchema,
    parameter: "notificationOrderRequest",
    check: checkLegacyOrder,
    toOrder: toLegacyOrder,
    about: aboutLegacyOrder("Order notifications", legacyOrderSchema),
  });

export const placeLegacyEmailOrderHttp = (ports: PlaceOrderHttpPorts): HttpHandler =>
  legacyHttp(ports, {
    schema: legacyEmailOrderSchema,
    parameter: "emailNotificationOrderRequest",
    check: checkLegacyEmailOrder,
    toOrder: toLegacyEmailOrder,
    about: aboutLegacyOrder("Order e-mails", legacyEmailOrderSchema),
  });

export const placeLegacySmsOrderHttp = (ports: PlaceOrderHttpPorts): HttpHandler =>
  legacyHttp(ports, {
    schema: legacySmsOrderSchema,
    parameter: "smsNotificationOrderRequest",
    check: checkLegacySmsOrder,
    toOrder: toLegacySmsOrder,
    about: aboutLegacyOrder("Order SMS", legacySmsOrderSchema),
  });
