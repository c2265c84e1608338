/** Notifications, step 1 for instant messages: stored with its notification first, then sent within the request. */
import { noContacts } from "../domain/contacts.ts";
import type { Chain } from "../domain/order.ts";
import type { ChainWish } from "../domain/order-wish.ts";
import { planNotifications, type PlanningRules, tallyOf } from "../domain/plan-notifications.ts";
import { chainOf, type PlaceOrderPorts } from "./place-order.ts";
import { sendNow, type SendNowPorts } from "./send-now.ts";

/** What this step needs. */
export interface PlaceInstantOrderPorts
  extends Pick<PlaceOrderPorts, "newId" | "defaultSenders">, SendNowPorts {
  readonly orders: PlaceOrderPorts["orders"];
  readonly planning: PlanningRules;
}

/** What became of a request. */
export type InstantPlacement =
  | { readonly kind: "placed" | "repeated"; readonly chain: Chain }
  /** Another request came before with the same idempotency id. */
  | { readonly kind: "conflict" }
  /** Stored; it goes out as soon as the provider can, unless its time to live ends before (NO-D27). */
  | { readonly kind: "later" };

/**
 * Stores an instant order and sends it. Safe to repeat, also at the same time: only the first one sends (NO-D02).
 */
export async function placeInstantOrder(
  ports: PlaceInstantOrderPorts,
  wish: ChainWish,
): Promise<InstantPlacement> {
  const { chain, orders } = chainOf(ports, wish);
  const [registered] = orders;
  if (!registered) throw new Error("An instant order without an order");
  const now = ports.clock.now();
  const notifications = planNotifications(registered, noContacts, now, ports.planning);
  const order = { ...registered, state: "Processed" as const, tally: tallyOf(notifications) };

  const registration = await ports.orders.register({ chain, orders: [order], notifications });
  if (registration.kind === "conflict") return registration;
  if (registration.kind === "repeated") return { kind: "repeated", chain: registration.known };

  const outcomes = await Promise.all(
    notifications.map((it) => sendNow(ports, it, order.traceparent)),
  );
  return outcomes.includes("later") ? { kind: "later" } : { kind: "placed", chain };
}
