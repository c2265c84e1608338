/** The log of notifications in the container `notification-log`: one document for each key it is found by. */
import type { Clock } from "../../kernel/ports.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { NotificationLog } from "../domain/log-ports.ts";
import { keysOf, type LogKey } from "../domain/notification-log.ts";
import { ttlInSeconds } from "../domain/retention.ts";
import { createPutEntry, type EntryDocument } from "./putting-entries.ts";

/** It has no `requestedSendAt`: a query by time passes it over. */
interface NameDocument {
  readonly id: string;
  readonly recipient: LogKey;
  readonly orderId: string;
  readonly ttl: number;
}

async function eraseUnder(documents: Documents, key: LogKey): Promise<void> {
  const found = await documents.query<EntryDocument | NameDocument>(key, {
    query: "SELECT * FROM c WHERE c.recipient = @key",
    parameters: [{ name: "@key", value: key }],
  });
  for (const document of found) {
    const others = "entry" in document ? keysOf(document.entry) : [];
    for (const other of new Set([...others, key])) await documents.delete(other, document.id);
  }
}

export const createCosmosNotificationLog = (
  documents: Documents,
  clock: Clock,
): NotificationLog => {
  const putEntry = createPutEntry(documents);
  return {
    put: (entry) => putEntry(entry, ttlInSeconds(entry.expiresAt, clock.now())),
    async name(recipient, { orderId, dueAt }) {
      const document: NameDocument = {
        id: `order-${orderId}`,
        recipient,
        orderId,
        ttl: ttlInSeconds(dueAt, clock.now()),
      };
      await documents.upsert(document);
    },
    async list(key, { from, to }) {
      const found = await documents.query<EntryDocument>(key, {
        query:
          "SELECT * FROM c WHERE c.recipient = @key AND c.requestedSendAt >= @from AND c.requestedSendAt < @to ORDER BY c.requestedSendAt DESC",
        parameters: [
          { name: "@key", value: key },
          { name: "@from", value: from },
          { name: "@to", value: to },
        ],
      });
      return found.map(({ entry }) => entry);
    },
    async listOrders(key) {
      const found = await documents.query<EntryDocument | NameDocument>(key, {
        query: "SELECT * FROM c WHERE c.recipient = @key",
        parameters: [{ name: "@key", value: key }],
      });
      return [...new Set(found.map((it) => ("entry" in it ? it.entry.shipmentId : it.orderId)))];
    },
    erase: (key) => eraseUnder(documents, key),
  };
};
