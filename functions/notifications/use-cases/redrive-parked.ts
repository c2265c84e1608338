/** Operations: what was set aside is taken up again, one or all by one call. */
import type { Clock, Logger } from "../../kernel/ports.ts";
import type { ParkedItem, ParkedItems } from "../domain/operations-ports.ts";
import type { NotificationQueues, OrderStore } from "../domain/ports.ts";
import { takeUpNotification, takeUpOrder } from "../domain/redrive.ts";

/** What redriving needs. */
export interface RedriveParkedPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly orders: OrderStore;
  readonly queues: NotificationQueues;
  readonly parkedItems: ParkedItems;
}

/** What is to be taken up. */
export interface RedriveWish extends Pick<ParkedItem, "orderId" | "notificationId"> {
  /** Also when the gateway may have it already. */
  readonly sendAnew?: boolean;
}

async function redriveOrder(ports: RedriveParkedPorts, orderId: string): Promise<boolean> {
  const found = await ports.orders.getOrder(orderId);
  const value = found && takeUpOrder(found.value);
  if (!value) return false;
  if ((await ports.orders.replaceOrder({ ...found, value })) === "outdated") return false;
  // The message last: without it the reconciler wakes the order, for it is not set aside any more.
  await ports.queues.orderIsDue(value, `redrive-${ports.clock.now()}`);
  return true;
}

async function redriveNotification(
  ports: RedriveParkedPorts,
  { orderId, notificationId = "", sendAnew = false }: RedriveWish,
): Promise<boolean> {
  const { notification: found, order } = await ports.orders.getNotificationWithOrder(
    orderId,
    notificationId,
  );
  const now = ports.clock.now();
  const value = found && takeUpNotification(found.value, sendAnew, now);
  if (!value || !order) return false;
  const change = await ports.orders.replaceNotification({ ...found, value });
  if (change === "outdated") return false;
  await ports.queues.notificationsAreDue([value], order.value.traceparent, `redrive-${now}`);
  return true;
}

/** Takes up one. Safe to repeat: what is not set aside stays as it is, and is answered with `false`. */
export const redriveOne = (ports: RedriveParkedPorts, wish: RedriveWish): Promise<boolean> =>
  wish.notificationId === undefined
    ? redriveOrder(ports, wish.orderId)
    : redriveNotification(ports, wish);

const A_PAGE = 100;

/**
 * Takes up everything. Safe to repeat; one that fails is not in the way of the others.
 *
 * @returns how many were taken up
 */
export async function redriveAll(ports: RedriveParkedPorts): Promise<number> {
  let count = 0;
  let continuation: string | undefined;
  do {
    const page = await ports.parkedItems.list(A_PAGE, continuation);
    for (const item of page.items) if (await redriveOne(ports, item)) count += 1;
    continuation = page.continuation;
  } while (continuation !== undefined);
  ports.logger.info({ count }, "What was set aside is taken up again");
  return count;
}
