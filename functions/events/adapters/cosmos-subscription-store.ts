/**
 * Subscriptions in Cosmos DB: each by its id, and again under the keys by which it is looked for.
 *
 * The document under the id is the truth and is written first, removed last: whatever is found under another key and
 * is not there does not count. Repeating a step completes it.
 */
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { SubscriptionStore } from "../domain/ports.ts";
import { isSameWish, matchKeyOf, type Subscription } from "../domain/subscription.ts";
import { isMatched } from "../domain/subscription-state.ts";

interface SubscriptionDocument {
  readonly id: string;
  readonly key: string;
  readonly subscription: Subscription;
  readonly ttl: number;
}

/** A subscription that nobody ever validated is forgotten after a month; another one never. */
const UNVALIDATED_TTL_IN_SECONDS = 30 * 24 * 3600;
const FOREVER = -1;

const toDocument = (key: string, subscription: Subscription): SubscriptionDocument => ({
  id: String(subscription.id),
  key,
  subscription,
  ttl: isMatched(subscription) ? FOREVER : UNVALIDATED_TTL_IN_SECONDS,
});

const idKey = (id: number): string => `id-${id}`;
const consumerKey = (consumer: string): string => `consumer-${consumer}`;
const matchKey = (it: Subscription): string => matchKeyOf(it.resourceFilter, it.subjectFilter);

type LookUps = Pick<SubscriptionStore, "get" | "listOf" | "countOf" | "listMatching">;

function createLookUps(documents: Documents): LookUps {
  const queryOf = (what: string, key: string) => ({
    query: `SELECT ${what} FROM c WHERE c.key = @key`,
    parameters: [{ name: "@key", value: key }],
  });
  const list = async (key: string): Promise<readonly Subscription[]> => {
    const found = await documents.query<SubscriptionDocument>(key, queryOf("*", key));
    return found.map(({ subscription }) => subscription);
  };

  return {
    async get(id) {
      const found = await documents.read<SubscriptionDocument>(idKey(id), String(id));
      return found?.document.subscription;
    },
    async countOf(consumer) {
      const key = consumerKey(consumer);
      const [count = 0] = await documents.query<number>(key, queryOf("VALUE COUNT(1)", key));
      return count;
    },
    listOf: (consumer) => list(consumerKey(consumer)),
    listMatching: (key) => list(key),
  };
}

export function createCosmosSubscriptionStore(documents: Documents): SubscriptionStore {
  const lookUps = createLookUps(documents);

  const index = async (it: Subscription): Promise<void> => {
    await documents.upsert(toDocument(consumerKey(it.consumer), it));
    if (isMatched(it)) await documents.upsert(toDocument(matchKey(it), it));
    else await documents.delete(matchKey(it), String(it.id));
  };

  return {
    ...lookUps,
    async create(subscription) {
      const outcome = await documents.create(toDocument(idKey(subscription.id), subscription));
      const stored = outcome === "created" ? subscription : await lookUps.get(subscription.id);
      if (stored && !isSameWish(stored, subscription)) return "taken";
      await index(stored ?? subscription);
      return outcome === "created" ? "created" : "exists";
    },
    async update(id, change) {
      const key = idKey(id);
      for (;;) {
        const found = await documents.read<SubscriptionDocument>(key, String(id));
        if (!found) return undefined; // deleted meanwhile: it stays deleted
        const before = found.document.subscription;
        const after = change(before);
        if (after === before) return before;
        const outcome = await documents.replace(
          key,
          String(id),
          toDocument(key, after),
          found.etag,
        );
        if (outcome !== "replaced") continue;
        if (matchKey(before) !== matchKey(after)) {
          await documents.delete(matchKey(before), String(id));
        }
        await index(after);
        return after;
      }
    },
    async delete(subscription) {
      const id = String(subscription.id);
      await documents.delete(matchKey(subscription), id);
      await documents.delete(consumerKey(subscription.consumer), id);
      await documents.delete(idKey(subscription.id), id);
    },
  };
}
