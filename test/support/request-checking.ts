/** Reads and checks bodies of `POST /future/orders`, as its endpoint does. */
import { bind } from "../../functions/notifications/triggers/requests/bind.ts";
import type { Errors } from "../../functions/notifications/triggers/requests/findings.ts";
import { checkFutureOrder } from "../../functions/notifications/triggers/requests/future-order-rules.ts";
import { futureOrderSchema } from "../../functions/notifications/triggers/requests/future-order-schema.ts";
import { toFutureOrders } from "../../functions/notifications/triggers/requests/to-future-order.ts";
import type { OrderWish } from "../../functions/notifications/domain/order-wish.ts";
import { NOW } from "./notification-builders.ts";

/** What rules know besides the request. */
export const ruleContext = {
  now: NOW,
  isCallable: (url: URL): boolean => url.protocol === "https:" && url.hostname.includes("."),
  attachmentHosts: new Set(["127.0.0.1:10000"]),
};

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
export const iso = (at: number): string => new Date(at).toISOString();

export const readFutureOrder = (body: string): ReturnType<typeof bind<typeof futureOrderSchema>> =>
  bind(futureOrderSchema, body, "notificationOrderRequest");

export function errorsOf(body: unknown): Errors {
  const bound = readFutureOrder(JSON.stringify(body));
  return bound.kind === "refused"
    ? bound.errors
    : checkFutureOrder(bound.value, ruleContext).errors;
}

export function ordersOf(body: unknown): readonly OrderWish[] {
  const errors = errorsOf(body);
  const bound = readFutureOrder(JSON.stringify(body));
  if (bound.kind === "refused" || Object.keys(errors).length > 0) {
    throw new Error(JSON.stringify(errors));
  }
  return toFutureOrders(bound.value, NOW);
}
