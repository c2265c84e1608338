/** Deliveries in Cosmos DB, in the logical partition of their subscription. */
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { Delivery } from "../domain/delivery.ts";
import type { DeliveryLog } from "../domain/ports.ts";

interface DeliveryDocument extends Delivery {
  readonly id: string;
  readonly subscription: string;
}

const fromDocument = (document: DeliveryDocument): Delivery => ({
  subscriptionId: document.subscriptionId,
  key: document.key,
  eventId: document.eventId,
  subject: document.subject,
  state: document.state,
  attempts: document.attempts,
  updatedAt: document.updatedAt,
});

export const createCosmosDeliveryLog = (documents: Documents): DeliveryLog => ({
  async get(subscriptionId, key) {
    const found = await documents.read<DeliveryDocument>(String(subscriptionId), key);
    return found && fromDocument(found.document);
  },
  async put(delivery) {
    const subscription = String(delivery.subscriptionId);
    await documents.upsert({ ...delivery, id: delivery.key, subscription });
  },
  async listOf(subscriptionId, limit) {
    const subscription = String(subscriptionId);
    const { documents: found } = await documents.page<DeliveryDocument>(
      subscription,
      {
        query: "SELECT * FROM c WHERE c.subscription = @subscription ORDER BY c.updatedAt DESC",
        parameters: [{ name: "@subscription", value: subscription }],
      },
      { limit },
    );
    return found.map(fromDocument);
  },
});
