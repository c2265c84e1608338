/** The log of notifications in the container `notification-log`: one document for each key it is found by. */
import type { Clock } from "../../kernel/ports.ts";
import { RetryLater } from "../../kernel/failures.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { NotificationLog } from "../domain/log-ports.ts";
import {
  isNoOlder,
  keysOf,
  type LoggedNotification,
  type LogKey,
} from "../domain/notification-log.ts";
import { ttlInSeconds } from "../domain/retention.ts";

interface EntryDocument {
  readonly id: string;
  readonly recipient: LogKey;
  readonly requestedSendAt: number;
  readonly ttl: number;
  readonly entry: LoggedNotification;
}

/** It has no `requestedSendAt`: a query by time passes it over. */
interface NameDocument {
  readonly id: string;
  readonly recipient: LogKey;
  readonly orderId: string;
  readonly ttl: number;
}

/** Others who write the same entry at the same time. */
const MAX_RACES = 10;

async function putUnder(documents: Documents, document: EntryDocument): Promise<void> {
  const { id, recipient, entry } = document;
  for (let races = 0; races < MAX_RACES; races++) {
    const known = await documents.read<EntryDocument>(recipient, id);
    if (!known) {
      if ((await documents.create(document)) === "created") return;
      continue;
    }
    if (!isNoOlder(known.document.entry, entry)) return;
    const outcome = await documents.replace(recipient, id, document, known.etag);
    if (outcome === "replaced") return;
  }
  throw new RetryLater(2, "Many write the same entry of the log at the same time");
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
): NotificationLog => ({
  async put(entry) {
    const { notificationId: id, requestedSendAt, expiresAt } = entry;
    const ttl = ttlInSeconds(expiresAt, clock.now());
    for (const recipient of keysOf(entry)) {
      await putUnder(documents, { id, recipient, requestedSendAt, ttl, entry });
    }
  },
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
});
