/** Reads and checks bodies of `POST /future/orders`, as its endpoint does. */
import type { z } from "zod";
import type { RuleContext } from "../../functions/notifications/triggers/requests/base-rules.ts";
import { bind } from "../../functions/notifications/triggers/requests/bind.ts";
import type { Errors, Findings } from "../../functions/notifications/triggers/requests/findings.ts";
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

interface Kind<Schema extends z.ZodObject> {
  readonly schema: Schema;
  readonly check: (request: z.infer<Schema>, context: RuleContext) => Findings;
}

/** What an endpoint of another kind would say to a body. */
export function errorsFor<Schema extends z.ZodObject>(kind: Kind<Schema>, body: unknown): Errors {
  const bound = bind(kind.schema, JSON.stringify(body), "request");
  return bound.kind === "refused" ? bound.errors : kind.check(bound.value, ruleContext).errors;
}

/** What is ordered by a body without faults. */
export function requestOf<Schema extends z.ZodObject>(
  kind: Kind<Schema>,
  body: unknown,
): z.infer<Schema> {
  const errors = errorsFor(kind, body);
  const bound = bind(kind.schema, JSON.stringify(body), "request");
  if (bound.kind === "refused" || Object.keys(errors).length > 0) {
    throw new Error(JSON.stringify(errors));
  }
  return bound.value;
}
