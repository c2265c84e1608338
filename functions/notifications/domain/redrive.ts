/** What was set aside is taken up again: as if nothing had stood in its way, and nothing was sent twice. */
import { isFinal } from "./delivery-status.ts";
import type { Notification } from "./notification.ts";
import { type Delay, type HandOver, isFinalState, type Order } from "./order.ts";

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** The order without what stood in its way; `undefined` when there is nothing to take up. */
export function takeUpOrder(order: Order): Order | undefined {
  if (!order.parked || isFinalState(order.state)) return undefined;
  const next: Mutable<Order> & { delayed?: Delay; handOver?: HandOver } = { ...order };
  delete next.parked;
  delete next.delayed;
  delete next.handOver;
  return next;
}

/**
 * The notification without what stood in its way; `undefined` when there is nothing to take up.
 *
 * @param sendAnew also one that the gateway may have: then somebody may get it twice, and whoever asks knows that
 */
export function takeUpNotification(
  it: Notification,
  sendAnew: boolean,
  now: number,
): Notification | undefined {
  if (isFinal(it.status)) return undefined;
  const isUnconfirmed = it.sending?.outcome === "unconfirmed";
  if (!it.parked && !(isUnconfirmed && sendAnew)) return undefined;
  const next: Mutable<Notification> & { handOver?: HandOver } = { ...it, failureCount: 0 };
  delete next.parked;
  delete next.handOver;
  if (!it.sending || !isUnconfirmed || !sendAnew) return next;
  const attempt = it.sending.attempt + 1;
  return { ...next, sending: { attempt, startedAt: now, outcome: "not-taken" } };
}
