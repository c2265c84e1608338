/** What matching looks up in the store of subscriptions, remembered for a moment: most events have the same few keys. */
import type { Clock } from "../../kernel/ports.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";
import type { SubscriptionStore } from "../domain/ports.ts";

/** Whatever changes a subscription elsewhere counts here after this; five seconds are promised. */
const AGE_IN_MS = 2000;

/** What is changed through this store itself counts at once. */
export function createRememberedSubscriptions(
  store: SubscriptionStore,
  clock: Clock,
): SubscriptionStore {
  const newMemory = () => ({
    matching: createBriefMemory<Awaited<ReturnType<SubscriptionStore["listMatching"]>>>(
      clock,
      AGE_IN_MS,
    ),
    subjects: createBriefMemory<boolean>(clock, AGE_IN_MS),
  });
  let memory = newMemory();

  const andForget = async <Result>(change: Promise<Result>): Promise<Result> => {
    try {
      return await change;
    } finally {
      memory = newMemory(); // whatever came of it
    }
  };

  return {
    ...store,
    create: (subscription) => andForget(store.create(subscription)),
    update: (id, change) => andForget(store.update(id, change)),
    delete: (subscription) => andForget(store.delete(subscription)),
    listMatching: (key) => memory.matching(key, () => store.listMatching(key)),
    hasSubjects: (resource) => memory.subjects(resource, () => store.hasSubjects(resource)),
  };
}
