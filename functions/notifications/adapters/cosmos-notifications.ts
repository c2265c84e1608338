/** The part of the store of orders that holds notifications: in the partition of their chain. */
import type { Clock } from "../../kernel/ports.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { Notification } from "../domain/notification.ts";
import type { Change, OrderStore } from "../domain/ports.ts";
import { partitionOf } from "../domain/shipment-id.ts";
import {
  type NotificationDocument,
  toNotificationDocument,
  toOrderDocument,
} from "./order-document.ts";
import { createOperation, replaceOperation, replaceVersion, toChange } from "./versioned-writes.ts";

/** A batch takes a hundred operations; one is left for the order. */
const NOTIFICATIONS_A_BATCH = 99;

type Notifications = Pick<
  OrderStore,
  "addNotifications" | "getNotification" | "listNotifications" | "replaceNotification" | "settle"
>;

export function notificationsIn(documents: Documents, clock: Clock): Notifications {
  const listNotifications: OrderStore["listNotifications"] = async (orderId) => {
    const subject = partitionOf(orderId);
    const found = await documents.query<NotificationDocument>(subject, {
      query: `SELECT * FROM c WHERE c.subject = @subject AND c.orderId = @order AND c.kind = "notification"`,
      parameters: [
        { name: "@subject", value: subject },
        { name: "@order", value: orderId.toLowerCase() },
      ],
    });
    return found.map(({ notification }) => notification).sort((a, b) => a.index - b.index);
  };

  return {
    listNotifications,

    async addNotifications({ value: order, version }, notifications) {
      const partition = partitionOf(order.id);
      const now = clock.now();
      const last = replaceOperation(toOrderDocument(order, now), version);
      const add = async (all: readonly Notification[]): Promise<Change> => {
        const creates = all.map((it) => createOperation(toNotificationDocument(it, now)));
        while (creates.length > NOTIFICATIONS_A_BATCH) {
          const some = creates.splice(0, NOTIFICATIONS_A_BATCH);
          if ((await documents.batch(partition, some)).kind === "refused") return "outdated";
        }
        return toChange((await documents.batch(partition, [...creates, last])).kind);
      };
      if ((await add(notifications)) === "changed") return "changed";
      // Those that a former try left behind are passed over.
      const there = new Set((await listNotifications(order.id)).map(({ id }) => id));
      const missing = notifications.filter(({ id }) => !there.has(id));
      return missing.length === notifications.length ? "outdated" : add(missing);
    },

    async getNotification(orderId, id) {
      const found = await documents.read<NotificationDocument>(partitionOf(orderId), id);
      if (found?.document.kind !== "notification") return undefined;
      return { value: found.document.notification, version: found.etag };
    },

    replaceNotification: ({ value, version }) =>
      replaceVersion(documents, toNotificationDocument(value, clock.now()), version),

    async settle(notification, order) {
      const now = clock.now();
      const outcome = await documents.batch(partitionOf(order.value.id), [
        replaceOperation(toNotificationDocument(notification.value, now), notification.version),
        replaceOperation(toOrderDocument(order.value, now), order.version),
      ]);
      return toChange(outcome.kind);
    },
  };
}
