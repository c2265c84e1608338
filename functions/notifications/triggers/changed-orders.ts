/** What the change feed of `orders` brings: orders, among chains and notifications, which are passed over. */
import type { Order } from "../domain/order.ts";

interface ChangedDocument {
  readonly kind?: string;
  readonly order?: Order;
}

/** The orders of a batch of changes, each as it is by now. */
export const changedOrdersIn = (changes: readonly unknown[]): readonly Order[] =>
  (changes as readonly ChangedDocument[]).flatMap(({ kind, order }) =>
    kind === "order" && order ? [order] : [],
  );
