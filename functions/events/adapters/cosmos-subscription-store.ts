/**
 * Subscriptions in Cosmos DB: each by its id, and again under the keys by which it is looked for.
 *
 * The document under the id is the truth: it is written first and removed last. The others are copies, and whoever wrote
 * some looks at the truth once more afterwards: so copies agree with it when all who change it at the same time are done.
 * Repeating a step that broke off completes it.
 */
import { derivedKey } from "../../kernel/derived-id.ts";
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

interface TruthDocument extends SubscriptionDocument {
  /** Match keys before the present one, under which a copy may still be. */
  readonly formerKeys: readonly string[];
  /** Its copies are being removed. */
  readonly isDeleted: boolean;
}

/** A subscription that nobody ever validated is forgotten after a month; another one never. */
const UNVALIDATED_TTL_IN_SECONDS = 30 * 24 * 3600;
const FOREVER = -1;

/** One whose removal broke off is invisible already, and goes by itself. */
const DELETED_TTL_IN_SECONDS = 24 * 3600;

const MAX_FORMER_KEYS = 4;

const toDocument = (key: string, subscription: Subscription): SubscriptionDocument => ({
  id: String(subscription.id),
  key,
  subscription,
  ttl: isMatched(subscription) ? FOREVER : UNVALIDATED_TTL_IN_SECONDS,
});

const idKey = (id: number): string => `id-${id}`;
const consumerKey = (consumer: string): string => `consumer-${consumer}`;
const matchKey = (it: Subscription): string => matchKeyOf(it.resourceFilter, it.subjectFilter);

const toTruth = (subscription: Subscription): TruthDocument => ({
  ...toDocument(idKey(subscription.id), subscription),
  formerKeys: [],
  isDeleted: false,
});

/** One document for a resource that has, or had, subscriptions that are matched by subject. */
const subjectsKey = (resource: string): string => `subjects-${derivedKey(resource.toLowerCase())}`;
const SUBJECTS_ID = "any";

type LookUps = Pick<
  SubscriptionStore,
  "get" | "listOf" | "countOf" | "listMatching" | "hasSubjects"
>;

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
      const found = await documents.read<TruthDocument>(idKey(id), String(id));
      return found && !found.document.isDeleted ? found.document.subscription : undefined;
    },
    async countOf(consumer) {
      const key = consumerKey(consumer);
      const [count = 0] = await documents.query<number>(key, queryOf("VALUE COUNT(1)", key));
      return count;
    },
    listOf: (consumer) => list(consumerKey(consumer)),
    listMatching: (key) => list(key),
    async hasSubjects(resource) {
      return (await documents.read(subjectsKey(resource), SUBJECTS_ID)) !== undefined;
    },
  };
}

/** Writes the copies of a subscription until they are what the truth says. */
function createCopying(documents: Documents): (subscription: Subscription) => Promise<void> {
  const removeAll = async (keys: Iterable<string>, id: string): Promise<void> => {
    for (const key of keys) await documents.delete(key, id);
  };
  /** Before it can be found by its subject, everybody looks for subjects. */
  const announce = async ({ resourceFilter, subjectFilter }: Subscription): Promise<void> => {
    if (subjectFilter === undefined) return;
    const marker = { id: SUBJECTS_ID, key: subjectsKey(resourceFilter), ttl: FOREVER };
    await documents.create(marker);
  };
  const write = async ({ id, subscription, formerKeys }: TruthDocument): Promise<void> => {
    const current = matchKey(subscription);
    const key = consumerKey(subscription.consumer);
    await documents.upsert(toDocument(key, subscription));
    if (isMatched(subscription)) {
      await announce(subscription);
      await documents.upsert(toDocument(current, subscription));
    }
    const stale = formerKeys.filter((it) => it !== current);
    await removeAll(stale, id);
  };

  return async (written) => {
    const id = String(written.id);
    const keys = new Set([consumerKey(written.consumer), matchKey(written)]);
    for (let seen: string | undefined; ;) {
      const found = await documents.read<TruthDocument>(idKey(written.id), id);
      if (!found || found.document.isDeleted) {
        await removeAll(keys, id);
        return;
      }
      if (found.etag === seen) return;
      seen = found.etag;
      keys.add(matchKey(found.document.subscription));
      await write(found.document);
    }
  };
}

type Change = (
  id: number,
  toNext: (before: TruthDocument) => TruthDocument,
) => Promise<TruthDocument | undefined>;

/** Replaces the truth as it is now, then the copies; `undefined` when there is none, or none any more. */
const createChanging =
  (documents: Documents, copy: (subscription: Subscription) => Promise<void>): Change =>
  async (id, toNext) => {
    for (;;) {
      const found = await documents.read<TruthDocument>(idKey(id), String(id));
      if (!found || found.document.isDeleted) return undefined; // it stays deleted
      const next = toNext(found.document);
      if (next === found.document) return next;
      const outcome = await documents.replace(idKey(id), String(id), next, found.etag);
      if (outcome === "replaced") {
        await copy(next.subscription);
        return next;
      }
    }
  };

export function createCosmosSubscriptionStore(documents: Documents): SubscriptionStore {
  const lookUps = createLookUps(documents);
  const copy = createCopying(documents);
  const change = createChanging(documents, copy);

  return {
    ...lookUps,
    async create(subscription) {
      const outcome = await documents.create(toTruth(subscription));
      const stored = outcome === "created" ? subscription : await lookUps.get(subscription.id);
      if (stored && !isSameWish(stored, subscription)) return "taken";
      await copy(stored ?? subscription);
      return outcome === "created" ? "created" : "exists";
    },
    async update(id, toNext) {
      const changed = await change(id, (before) => {
        const next = toNext(before.subscription);
        if (next === before.subscription) return before;
        const former = [matchKey(before.subscription), ...before.formerKeys];
        const formerKeys = [...new Set(former)].filter((key) => key !== matchKey(next));
        return { ...toTruth(next), formerKeys: formerKeys.slice(0, MAX_FORMER_KEYS) };
      });
      return changed?.subscription;
    },
    async delete({ id }) {
      await change(id, (before) => ({ ...before, isDeleted: true, ttl: DELETED_TTL_IN_SECONDS }));
      const left = await documents.read<TruthDocument>(idKey(id), String(id));
      if (!left) return;
      const { subscription, formerKeys } = left.document;
      for (const key of [
        matchKey(subscription),
        ...formerKeys,
        consumerKey(subscription.consumer),
      ]) {
        await documents.delete(key, String(id));
      }
      await documents.delete(idKey(id), String(id));
    },
  };
}
