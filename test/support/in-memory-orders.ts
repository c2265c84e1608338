/** Orders and messages in memory, with a place to interfere before and after each write. */
import {
  type NotificationDocument,
  type OrderDocument,
  toNotificationDocument,
  toOrderDocument,
} from "../../functions/notifications/adapters/order-document.ts";
import type { Notification } from "../../functions/notifications/domain/notification.ts";
import { mayFollow, type Order } from "../../functions/notifications/domain/order.ts";
import type { Change, OrderStore, Versioned } from "../../functions/notifications/domain/ports.ts";
import type {
  MessageSender,
  OutgoingMessage,
} from "../../functions/platform/messaging/service-bus.ts";
import type { Clock } from "../../local/clock.ts";

/** Does what it is given; a test may fail before or after. */
export type Effect = <Result>(name: string, run: () => Result) => Result;

export const undisturbed: Effect = (_name, run) => run();

/** What processing needs of the store. */
export type ProcessingStore = Pick<
  OrderStore,
  | "getOrder"
  | "replaceOrder"
  | "addNotifications"
  | "getNotification"
  | "getNotificationWithOrder"
  | "getNotificationsWithOrder"
  | "listNotifications"
  | "replaceNotification"
  | "settle"
  | "listOverdue"
>;

export interface InMemoryOrders extends ProcessingStore {
  create(order: Order): void;
  /** Every state that an order was in, in order. */
  readonly history: readonly string[];
}

interface Kept<Document> {
  readonly document: Document;
  readonly version: string;
}

/** @param batchSize how many notifications are stored at once; the rest follows in further writes */
export function createInMemoryOrders(
  clock: Clock,
  effect: Effect = undisturbed,
  batchSize = 2,
): InMemoryOrders {
  const orders = new Map<string, Kept<OrderDocument>>();
  const notifications = new Map<string, Kept<NotificationDocument>>();
  const history: string[] = [];
  let versionCount = 0;
  const nextVersion = (): string => String(++versionCount);

  const keepOrder = (order: Order): void => {
    const before = orders.get(order.id)?.document.order.state;
    if (before !== undefined && before !== order.state && !mayFollow(before, order.state)) {
      throw new Error(`An order went from ${before} to ${order.state}`);
    }
    if (before !== order.state) history.push(order.state);
    orders.set(order.id, { document: toOrderDocument(order, clock.now()), version: nextVersion() });
  };
  const keepNotification = (it: Notification): void => {
    const document = toNotificationDocument(it, clock.now());
    notifications.set(it.id, { document, version: nextVersion() });
  };
  const isCurrent = ({ value: { id }, version }: Versioned<Order | Notification>): boolean =>
    (orders.get(id) ?? notifications.get(id))?.version === version;
  const versionOf = (id: string): string =>
    (orders.get(id) ?? notifications.get(id))?.version ?? "";
  const write = (name: string, isAllowed: () => boolean, run: () => void): Change =>
    effect(name, () => {
      if (!isAllowed()) return "outdated";
      run();
      return "changed";
    });

  const addNotifications: OrderStore["addNotifications"] = async (order, all) => {
    const missing = all.filter(({ id }) => !notifications.has(id));
    if (!isCurrent(order)) return "outdated";
    while (missing.length > batchSize) {
      const some = missing.splice(0, batchSize);
      effect("addSome", () => {
        some.forEach(keepNotification);
      });
      await Promise.resolve();
    }
    return write(
      "addLast",
      () => isCurrent(order),
      () => {
        missing.forEach(keepNotification);
        keepOrder(order.value);
      },
    );
  };

  const findOrder = (id: string): Versioned<Order> | undefined => {
    const found = orders.get(id);
    return found && { value: found.document.order, version: found.version };
  };
  const findNotification = (id: string): Versioned<Notification> | undefined => {
    const found = notifications.get(id);
    return found && { value: found.document.notification, version: found.version };
  };

  return {
    history,
    create: keepOrder,
    addNotifications,
    getOrder: async (id) => Promise.resolve(findOrder(id)),
    getNotification: async (_orderId, id) => Promise.resolve(findNotification(id)),
    async getNotificationWithOrder(orderId, id) {
      const [notification, order] = await Promise.resolve([
        findNotification(id),
        findOrder(orderId),
      ]);
      return { ...(notification && { notification }), ...(order && { order }) };
    },
    async getNotificationsWithOrder(orderId, ids) {
      const notifications = await Promise.resolve(ids.flatMap((id) => findNotification(id) ?? []));
      const order = findOrder(orderId);
      return { notifications, ...(order && { order }) };
    },
    async listNotifications(orderId) {
      return Promise.resolve(
        [...notifications.values()]
          .map(({ document }) => document.notification)
          .filter((it) => it.orderId === orderId)
          .sort((one, other) => one.index - other.index),
      );
    },
    async replaceOrder(order) {
      const outcome = await Promise.resolve(
        write(
          "replaceOrder",
          () => isCurrent(order),
          () => {
            keepOrder(order.value);
          },
        ),
      );
      return outcome === "outdated" ? outcome : { ...order, version: versionOf(order.value.id) };
    },
    async replaceNotification(it) {
      const outcome = await Promise.resolve(
        write(
          "replaceNotification",
          () => isCurrent(it),
          () => {
            keepNotification(it.value);
          },
        ),
      );
      return outcome === "outdated" ? outcome : { ...it, version: versionOf(it.value.id) };
    },
    async settle(changed, order) {
      const all = order ? [...changed, order] : changed;
      const outcome = await Promise.resolve(
        write(
          "settle",
          () => all.every(isCurrent),
          () => {
            for (const { value } of changed) keepNotification(value);
            if (order) keepOrder(order.value);
          },
        ),
      );
      if (outcome === "outdated") return outcome;
      return {
        notifications: changed.map((it) => ({ ...it, version: versionOf(it.value.id) })),
        ...(order && { order: { ...order, version: versionOf(order.value.id) } }),
      };
    },
    async listOverdue(now, limit) {
      const documents = [...orders.values(), ...notifications.values()].map((it) => it.document);
      return Promise.resolve(
        documents
          .filter(({ wakeAt = Infinity }) => wakeAt <= now)
          .slice(0, limit)
          .map(({ kind, id, orderId }) => ({
            kind,
            orderId,
            ...(kind === "notification" && { notificationId: id }),
          })),
      );
    },
  };
}

export interface SentMessage extends OutgoingMessage {
  readonly queue: string;
}

export interface InMemoryMessages extends MessageSender {
  /** Each id once, as a queue keeps it. */
  readonly sent: ReadonlyMap<string, SentMessage>;
}

export function createInMemoryMessages(effect: Effect = undisturbed): InMemoryMessages {
  const sent = new Map<string, SentMessage>();
  return {
    sent,
    async send(queue, messages) {
      if (messages.length === 0) return;
      effect("send", () => {
        for (const message of messages) {
          if (!sent.has(message.id)) sent.set(message.id, { ...message, queue });
        }
      });
      await Promise.resolve();
    },
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
