/** Erasing in Cosmos DB. It is rare, so it looks across partitions, where every other path knows its own. */
import type { OperationInput, SqlQuerySpec } from "@azure/cosmos";
import type { Clock } from "../../kernel/ports.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { Erasure } from "../domain/erasure.ts";
import { HEAD_ID, type HeadDocument } from "./event-document.ts";

export interface ErasureOptions {
  readonly events: Documents;
  readonly feeds: Documents;
  readonly deliveries: Documents;
  readonly parkedChanges: Documents;
  /** How long events and feeds are kept. */
  readonly retentionInSeconds: number;
  readonly clock: Clock;
}

/** As many as one batch deletes. */
const EVENTS_AT_ONCE = 90;

/** Everything that a query finds in any partition. */
async function findAnywhere<Document>(
  documents: Documents,
  query: SqlQuerySpec,
): Promise<readonly Document[]> {
  const found: Document[] = [];
  let continuation: string | undefined;
  do {
    const page = await documents.page<Document>(undefined, query, {
      limit: 100,
      ...(continuation !== undefined && { continuation }),
    });
    found.push(...page.documents);
    continuation = page.continuation;
  } while (continuation !== undefined);
  return found;
}

/** Deletes the documents about a subject in all partitions; says how many. */
async function deleteAbout(
  documents: Documents,
  subject: string,
  partitionKey: string,
): Promise<number> {
  const found = await findAnywhere<{ id: string; partition: string }>(documents, {
    query: `SELECT c.id, c.${partitionKey} AS partition FROM c WHERE c.subject = @subject`,
    parameters: [{ name: "@subject", value: subject }],
  });
  for (const { id, partition } of found) await documents.delete(partition, id);
  return found.length;
}

interface Entry {
  readonly id: string;
  readonly feed: string;
  readonly bucket: number;
  readonly number: number;
  readonly payload: { readonly registeredAt: string } | null;
}

function eraseEvents({ events, retentionInSeconds }: ErasureOptions) {
  const eventsOf: Erasure["eventsOf"] = async (subject) => {
    const found = await events.page<{ id: string }>(
      subject,
      {
        query: "SELECT c.id FROM c WHERE c.subject = @subject AND c.kind = 'event'",
        parameters: [{ name: "@subject", value: subject }],
      },
      { limit: EVENTS_AT_ONCE },
    );
    return found.documents.map(({ id }) => id);
  };
  return {
    eventsOf,
    eraseEvents: async (subject: string, keys: readonly string[]) => {
      const operations = keys.map((id): OperationInput => ({ operationType: "Delete", id }));
      const outcome = await events.batch(subject, operations);
      if (outcome.kind === "committed") return;
      // One of them is gone already, by age or by a repeat.
      for (const key of keys) await events.delete(subject, key);
    },
    retire: async (subject: string) => {
      const head = await events.read<HeadDocument>(subject, HEAD_ID);
      if (!head) return;
      // Changed meanwhile: something new was published, and the head is needed.
      await events.replace(
        subject,
        HEAD_ID,
        { ...head.document, ttl: retentionInSeconds },
        head.etag,
      );
    },
  };
}

export function createCosmosErasure(options: ErasureOptions): Erasure {
  const { feeds, deliveries, parkedChanges, retentionInSeconds, clock } = options;

  /** An emptied entry goes when its neighbours go: later it would hide that they are gone. */
  const remainingSeconds = (registeredAt: string): number => {
    const ageInSeconds = Math.floor((clock.now() - Date.parse(registeredAt)) / 1000);
    return Math.max(1, retentionInSeconds - ageInSeconds);
  };

  return {
    ...eraseEvents(options),
    async eraseFeedEntries(keys) {
      const names = keys.map((_, index) => `@id${index}`).join(", ");
      const found = await findAnywhere<Entry>(feeds, {
        query: `SELECT * FROM c WHERE c.id IN (${names})`,
        parameters: keys.map((key, index) => ({ name: `@id${index}`, value: `e-${key}` })),
      });
      const full = found.filter(({ payload }) => payload !== null);
      for (const { id, feed, bucket, number, payload } of full) {
        const ttl = remainingSeconds(payload?.registeredAt ?? "");
        const empty = { id, feed, bucket, number, payload: null, ttl };
        await feeds.replace([feed, bucket], id, empty);
      }
      return full.length;
    },
    eraseDeliveries: (subject) => deleteAbout(deliveries, subject, "subscription"),
    async eraseParkedChanges(subject) {
      await deleteAbout(parkedChanges, subject, "projection");
    },
  };
}
