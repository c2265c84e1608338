/** Notifications, the last step: an order has come to its end, and its creator's feed says so, once. */
import type { Notification } from "../domain/notification.ts";
import { isFinalState, type Order } from "../domain/order.ts";
import type { NotificationQueues, OrderStore } from "../domain/ports.ts";
import type { StatusEntry, StatusFeed } from "../domain/read-ports.ts";

/** What publishing needs. */
export interface PublishStatusPorts {
  readonly orders: OrderStore;
  readonly statusFeed: StatusFeed;
  readonly queues: NotificationQueues;
}

/** Notifications by their order, as far as they changed at the same time. */
export type ChangedNotifications = ReadonlyMap<string, readonly Notification[]>;

/** Read only when they did not all come with the order, as the one of a small order does. */
async function notificationsOf(
  { orders }: Pick<PublishStatusPorts, "orders">,
  { id, state, tally }: Order,
  changed: ChangedNotifications | undefined,
): Promise<readonly Notification[]> {
  if (state !== "Completed") return [];
  const known = changed?.get(id) ?? [];
  const isAll = known.length === tally.email.generated + tally.sms.generated;
  if (!isAll) return orders.listNotifications(id);
  // They came in the order in which they changed; by their place they are found again when a person is erased.
  return [...known].sort((a, b) => a.index - b.index);
}

/** What is told of an order that came to its end. */
export async function statusOf(
  ports: Pick<PublishStatusPorts, "orders">,
  order: Order,
  changed?: ChangedNotifications,
): Promise<StatusEntry> {
  const notifications = await notificationsOf(ports, order, changed);
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
 *
 * @param notifications those that changed with the orders: they need not be read
 */
export async function publishStatus(
  ports: PublishStatusPorts,
  changed: readonly Order[],
  notifications?: ChangedNotifications,
): Promise<void> {
  const final = changed.filter(({ state }) => isFinalState(state));
  if (final.length === 0) return;
  await ports.statusFeed.append(
    await Promise.all(final.map((order) => statusOf(ports, order, notifications))),
  );
  for (const order of final) {
    if (order.statusCallback !== undefined) await ports.queues.tellCreator(order);
  }
}
