/** What the change feed of `orders` brings: orders and their notifications, among chains, which are passed over. */
import { groupBy } from "../../kernel/group-by.ts";
import type { Notification } from "../domain/notification.ts";
import type { Order } from "../domain/order.ts";

interface ChangedDocument {
  readonly kind?: string;
  readonly order?: Order;
  readonly notification?: Notification;
}

/** The orders of a batch of changes, each as it is by now. */
export const changedOrdersIn = (changes: readonly unknown[]): readonly Order[] =>
  (changes as readonly ChangedDocument[]).flatMap(({ kind, order }) =>
    kind === "order" && order ? [order] : [],
  );

/** The notifications of a batch of changes, each as it is by now, by their order. */
export const changedNotificationsIn = (
  changes: readonly unknown[],
): ReadonlyMap<string, readonly Notification[]> => {
  const found = (changes as readonly ChangedDocument[]).flatMap(({ kind, notification }) =>
    kind === "notification" && notification ? [notification] : [],
  );
  return groupBy(found, ({ orderId }) => orderId);
};
