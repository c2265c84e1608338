/** Finds what was set aside, across all chains: a query that only people ask. */
import { pageFrom } from "../../platform/cosmos/continuation.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { Notification } from "../domain/notification.ts";
import type { ParkedItem, ParkedItems } from "../domain/operations-ports.ts";
import type { Order } from "../domain/order.ts";

type Row =
  | { readonly kind: "order"; readonly parkedAt: number; readonly order: Order }
  | {
      readonly kind: "notification";
      readonly parkedAt: number;
      readonly notification: Notification;
    };

const toItem = (row: Row): ParkedItem => {
  const it = row.kind === "order" ? row.order : row.notification;
  const about =
    row.kind === "order"
      ? { orderId: row.order.id, state: row.order.state }
      : {
          orderId: row.notification.orderId,
          notificationId: row.notification.id,
          state: row.notification.status,
        };
  // What was not set aside is listed because nobody knows whether its gateway has it.
  const reason = it.parked?.reason ?? "unconfirmed";
  return { ...about, creator: it.creator, reason, parkedAt: row.parkedAt };
};

export const createCosmosParkedItems = (documents: Documents): ParkedItems => ({
  async list(limit, continuation) {
    const page = await pageFrom(continuation, () =>
      documents.page<Row>(
        undefined,
        { query: "SELECT * FROM c WHERE c.parkedAt > 0" },
        { limit, ...(continuation !== undefined && { continuation }) },
      ),
    );
    return {
      items: page.documents.map(toItem),
      ...(page.continuation !== undefined && { continuation: page.continuation }),
    };
  },
});
