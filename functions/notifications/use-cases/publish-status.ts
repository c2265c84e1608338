/** Notifications, the last step: an order has come to its end, and its creator's feed says so, once. */
import { isFinalState, type Order } from "../domain/order.ts";
import type { NotificationQueues, OrderStore } from "../domain/ports.ts";
import type { StatusEntry, StatusFeed } from "../domain/read-ports.ts";

/** What publishing needs. */
export interface PublishStatusPorts {
  readonly orders: OrderStore;
  readonly statusFeed: StatusFeed;
  readonly queues: NotificationQueues;
}

/** What is told of an order that came to its end. */
export async function statusOf(
  { orders }: Pick<PublishStatusPorts, "orders">,
  order: Order,
): Promise<StatusEntry> {
  const notifications = order.state === "Completed" ? await orders.listNotifications(order.id) : [];
  return {
    shipmentId: order.id,
    creator: order.creator,
    ...(order.sendersReference !== undefined && { sendersReference: order.sendersReference }),
    shipmentType: order.type,
    status: order.state,
    updatedAt: order.stateAt,
    recipients: notifications.map((it) => ({
      channel: it.channel,
      destination: it.address,
      status: it.status,
      updatedAt: it.at,
    })),
  };
}

/**
 * Publishes what is final among changed orders, in the given order. Safe to repeat: an order has one entry, the first;
 * a creator who wants to be called is called once.
 */
export async function publishStatus(
  ports: PublishStatusPorts,
  changed: readonly Order[],
): Promise<void> {
  const final = changed.filter(({ state }) => isFinalState(state));
  if (final.length === 0) return;
  await ports.statusFeed.append(await Promise.all(final.map((order) => statusOf(ports, order))));
  for (const order of final) {
    if (order.statusCallback !== undefined) await ports.queues.tellCreator(order);
  }
}
