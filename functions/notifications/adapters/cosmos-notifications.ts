/** The part of the store of orders that holds notifications: in the partition of their chain. */
import type { Clock } from "../../kernel/ports.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { OrderStore } from "../domain/ports.ts";
import { partitionOf } from "../domain/shipment-id.ts";
import { createAddNotifications } from "./adding-notifications.ts";
import {
  type NotificationDocument,
  notificationIn,
  type OrderDocument,
  orderIn,
  toNotificationDocument,
  toOrderDocument,
} from "./order-document.ts";
import { replaceTogether } from "./versioned-writes.ts";

type Notifications = Pick<
  OrderStore,
  | "addNotifications"
  | "getNotification"
  | "getNotificationWithOrder"
  | "listNotifications"
  | "replaceNotification"
  | "settle"
>;

const readingIn = (
  documents: Documents,
): Pick<Notifications, "getNotification" | "getNotificationWithOrder"> => ({
  getNotification: async (orderId, id) =>
    notificationIn(await documents.read(partitionOf(orderId), id)),

  async getNotificationWithOrder(orderId, id) {
    const ids = [id, orderId.toLowerCase()];
    const [first, second] = await documents.readTogether<NotificationDocument | OrderDocument>(
      partitionOf(orderId),
      ids,
    );
    const [notification, order] = [notificationIn(first), orderIn(second)];
    return { ...(notification && { notification }), ...(order && { order }) };
  },
});

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

  const add = createAddNotifications(documents, clock);

  return {
    listNotifications,

    async addNotifications(order, notifications) {
      if ((await add(order, notifications)) === "changed") return "changed";
      // Those that a former try left behind are passed over.
      const there = new Set((await listNotifications(order.value.id)).map(({ id }) => id));
      const missing = notifications.filter(({ id }) => !there.has(id));
      return missing.length === notifications.length ? "outdated" : add(order, missing);
    },

    ...readingIn(documents),

    async replaceNotification({ value, version }) {
      const document = toNotificationDocument(value, clock.now());
      const versions = await replaceTogether(documents, [{ document, version }]);
      return versions === "outdated" ? versions : { value, version: versions[0] ?? "" };
    },

    async settle(notification, order) {
      const now = clock.now();
      const versions = await replaceTogether(documents, [
        {
          document: toNotificationDocument(notification.value, now),
          version: notification.version,
        },
        { document: toOrderDocument(order.value, now), version: order.version },
      ]);
      if (versions === "outdated") return versions;
      const [ofNotification = "", ofOrder = ""] = versions;
      return {
        notification: { ...notification, version: ofNotification },
        order: { ...order, version: ofOrder },
      };
    },
  };
}
