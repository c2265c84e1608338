/** Notifications, the step that all others end in: something is known of a notification, and its order follows. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";
import type { Notification } from "../domain/notification.ts";
import type { Order } from "../domain/order.ts";
import type { OrderStore, Versioned } from "../domain/ports.ts";
import { affectsOrder, orderAfter } from "../domain/settlement.ts";

/** The part of the store in which a notification and its order change. */
export type SettledStore = Pick<
  OrderStore,
  "getNotificationWithOrder" | "replaceNotification" | "settle"
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

/** A notification as it was read or written last, with its order unless that is not there any more. */
export interface Held {
  readonly notification: Versioned<Notification>;
  readonly order?: Versioned<Order>;
}

/** Which notification, for a step that has not read it. */
export interface NotificationKey {
  readonly orderId: string;
  readonly notificationId: string;
}

async function hold(
  { orders }: SettlePorts,
  { orderId, notificationId }: NotificationKey,
): Promise<Held | undefined> {
  const { notification, order } = await orders.getNotificationWithOrder(orderId, notificationId);
  return notification && { notification, ...(order && { order }) };
}

async function change(ports: SettlePorts, held: Held, step: Step): Promise<Held | "outdated"> {
  const { orders, clock } = ports;
  const before = held.notification.value;
  const after = step(before);
  if (!after || after === before) return held;
  const changed = { ...held.notification, value: after };
  // Most steps say nothing about the order: it is not written.
  if (!affectsOrder(before, after)) {
    const notification = await orders.replaceNotification(changed);
    return notification === "outdated" ? notification : { ...held, notification };
  }
  const { order } = held;
  if (!order) return held;
  return orders.settle(changed, {
    ...order,
    value: orderAfter(order.value, before, after, clock.now()),
  });
}

/**
 * Changes a notification, and its order with it when that follows. Safe to repeat as far as the step is.
 *
 * @param from what is held already spares the reading; when it is outdated, both are read anew
 * @returns both as they are now; `undefined` when the notification is not there any more
 * @throws {RetryLater} too many others change the same order at this moment
 */
export async function settleNotification(
  ports: SettlePorts,
  from: Held | NotificationKey,
  step: Step,
): Promise<Held | undefined> {
  const key =
    "notification" in from
      ? { orderId: from.notification.value.orderId, notificationId: from.notification.value.id }
      : from;
  let held = "notification" in from ? from : await hold(ports, key);
  for (let races = 0; races < MAX_RACES; races++) {
    if (!held) return undefined;
    const outcome = await change(ports, held, step);
    if (outcome !== "outdated") return outcome;
    held = await hold(ports, key);
  }
  throw new RetryLater(2, "Many reports change one order at the same time");
}
