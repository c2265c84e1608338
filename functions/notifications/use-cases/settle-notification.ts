/** Notifications, the step that all others end in: something is known of a notification, and its order follows. */
import { affectsOrder } from "../domain/settlement.ts";
import type { Held, SettleTogether, Stage, Step, Wish } from "./settle-together.ts";

/** What settling needs. */
export interface SettlePorts extends Stage {
  readonly settleTogether: SettleTogether;
}

/** Which notification, for a step that has not read it. */
export interface NotificationKey {
  readonly orderId: string;
  readonly notificationId: string;
}

/**
 * Changes a notification alone.
 *
 * @returns "outdated" when somebody was faster; "joint" when its order changes, too, and others may want the same
 */
async function settleAlone(
  { orders }: Stage,
  held: Held,
  step: Step,
): Promise<Held | "outdated" | "joint"> {
  const before = held.notification.value;
  const value = step(before);
  if (!value || value === before) return held;
  if (affectsOrder(before, value)) return "joint";
  const notification = await orders.replaceNotification({ ...held.notification, value });
  return notification === "outdated" ? notification : { ...held, notification };
}

async function settleJointly(
  { settleTogether }: SettlePorts,
  orderId: string,
  wish: Wish,
): Promise<Held | undefined> {
  const [settled] = await settleTogether(orderId, [wish]);
  if (settled?.status === "rejected") throw settled.reason;
  return settled?.value;
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
  if (!("notification" in from)) {
    return settleJointly(ports, from.orderId, { notificationId: from.notificationId, step });
  }
  // Most steps say nothing about the order: it is not written.
  const alone = await settleAlone(ports, from, step);
  if (alone !== "outdated" && alone !== "joint") return alone;
  const { orderId, id: notificationId } = from.notification.value;
  const held = alone === "joint" && { held: from };
  return settleJointly(ports, orderId, { notificationId, step, ...held });
}
