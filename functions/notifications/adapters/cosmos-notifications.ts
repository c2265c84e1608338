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
  | "getNotificationsWithOrder"
  | "listNotifications"
  | "replaceNotification"
  | "settle"
>;

type Reading = Pick<
  Notifications,
  "getNotification" | "getNotificationWithOrder" | "getNotificationsWithOrder"
>;

function readingIn(documents: Documents): Reading {
  const getNotificationsWithOrder: OrderStore["getNotificationsWithOrder"] = async (
    orderId,
    ids,
  ) => {
    const found = await documents.readTogether<NotificationDocument | OrderDocument>(
      partitionOf(orderId),
      [...ids, orderId.toLowerCase()],
    );
    const order = orderIn(found.at(-1));
    const notifications = found.flatMap((it) => notificationIn(it) ?? []);
    return { notifications, ...(order && { order }) };
  };
  return {
    getNotification: async (orderId, id) =>
      notificationIn(await documents.read(partitionOf(orderId), id)),
    getNotificationsWithOrder,
    async getNotificationWithOrder(orderId, id) {
      const { notifications, order } = await getNotificationsWithOrder(orderId, [id]);
      const [notification] = notifications;
      return { ...(notification && { notification }), ...(order && { order }) };
    },
  };
}

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

    async settle(notifications, order) {
      const now = clock.now();
      const versions = await replaceTogether(documents, [
        ...notifications.map(({ value, version }) => ({
          document: toNotificationDocument(value, now),
          version,
        })),
        ...(order ? [{ document: toOrderDocument(order.value, now), version: order.version }] : []),
      ]);
      if (versions === "outdated") return versions;
      return {
        notifications: notifications.map((it, index) => ({
          ...it,
          version: versions[index] ?? "",
        })),
        ...(order && { order: { ...order, version: versions[notifications.length] ?? "" } }),
      };
    },
  };
}
