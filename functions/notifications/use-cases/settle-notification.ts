/** Notifications, the step that all others end in: something is known of a notification, and its order follows. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";
import type { Notification } from "../domain/notification.ts";
import type { OrderStore, Versioned } from "../domain/ports.ts";
import { orderAfter } from "../domain/settlement.ts";

/** The part of the store in which a notification and its order change. */
export type SettledStore = Pick<
  OrderStore,
  "getNotification" | "getOrder" | "replaceNotification" | "settle"
>;

/** What settling needs. */
export interface SettlePorts {
  readonly orders: SettledStore;
  readonly clock: Clock;
}

/** Writers who may meet at one order: all its recipients answer at once. */
const MAX_RACES = 25;

/** A change of a notification; `undefined` leaves it as it is. Pure: it is run again when somebody else was faster. */
export type Step = (notification: Notification) => Notification | undefined;

async function tryOnce(
  { orders, clock }: SettlePorts,
  orderId: string,
  notificationId: string,
  step: Step,
): Promise<Versioned<Notification> | "gone" | "outdated"> {
  const [found, order] = await Promise.all([
    orders.getNotification(orderId, notificationId),
    orders.getOrder(orderId),
  ]);
  if (!found || !order) return "gone";
  const next = step(found.value);
  if (!next || next === found.value) return found;
  const after = orderAfter(order.value, found.value, next, clock.now());
  const changed = { value: next, version: found.version };
  const outcome =
    after === order.value
      ? await orders.replaceNotification(changed)
      : await orders.settle(changed, { value: after, version: order.version });
  return outcome === "changed" ? changed : "outdated";
}

/**
 * Changes a notification, and its order with it when that follows. Safe to repeat as far as the step is.
 *
 * @returns the notification as it now is; `undefined` when it is not there any more
 * @throws {RetryLater} too many others change the same order at this moment
 */
export async function settleNotification(
  ports: SettlePorts,
  orderId: string,
  notificationId: string,
  step: Step,
): Promise<Notification | undefined> {
  for (let races = 0; races < MAX_RACES; races++) {
    const outcome = await tryOnce(ports, orderId, notificationId, step);
    if (outcome === "gone") return undefined;
    if (outcome !== "outdated") return outcome.value;
  }
  throw new RetryLater(2, "Many reports change one order at the same time");
}
