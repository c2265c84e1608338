/** What the followers of orders could not digest, from the container `parked-changes`. */
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { Notification } from "../domain/notification.ts";
import type { Order } from "../domain/order.ts";
import type { ParkedChange, ParkedChanges } from "../domain/parked-changes.ts";
import { partitionOf } from "../domain/shipment-id.ts";

interface Row {
  readonly id: string;
  readonly subject: string;
}

interface ChangedDocument {
  readonly order?: Order;
  readonly notification?: Notification;
}

export const createCosmosParkedOrderChanges = (
  parked: Documents,
  orders: Documents,
): ParkedChanges => ({
  async list(follower) {
    const rows = await parked.query<Row>(follower, {
      query: "SELECT * FROM c WHERE c.projection = @follower",
      parameters: [{ name: "@follower", value: follower }],
    });
    return Promise.all(
      rows.map(async ({ id, subject }): Promise<ParkedChange> => {
        const found = await orders.read<ChangedDocument>(partitionOf(subject), id);
        const { order, notification } = found?.document ?? {};
        return { key: id, ...(order && { order }), ...(notification && { notification }) };
      }),
    );
  },
  remove: (follower, key) => parked.delete(follower, key),
});
