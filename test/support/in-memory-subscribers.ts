/** Subscriptions and deliveries in memory: what the ports promise, and nothing else. */
import type { Delivery } from "../../functions/events/domain/delivery.ts";
import type {
  DeliveryLog,
  DeliverySelection,
  SubscriptionStore,
} from "../../functions/events/domain/ports.ts";
import {
  isSameWish,
  matchKeyOf,
  type Subscription,
} from "../../functions/events/domain/subscription.ts";
import { isMatched } from "../../functions/events/domain/subscription-state.ts";

export function createInMemorySubscriptions(): SubscriptionStore {
  const byId = new Map<number, Subscription>();
  const where = (test: (it: Subscription) => boolean) =>
    Promise.resolve([...byId.values()].filter(test));
  return {
    get: (id) => Promise.resolve(byId.get(id)),
    create(subscription) {
      const existing = byId.get(subscription.id);
      if (existing) return Promise.resolve(isSameWish(existing, subscription) ? "exists" : "taken");
      byId.set(subscription.id, subscription);
      return Promise.resolve("created");
    },
    update(id, change) {
      const current = byId.get(id);
      if (current) byId.set(id, change(current));
      return Promise.resolve(byId.get(id));
    },
    delete(subscription) {
      byId.delete(subscription.id);
      return Promise.resolve();
    },
    listOf: (consumer) => where((it) => it.consumer === consumer),
    countOf: async (consumer) => (await where((it) => it.consumer === consumer)).length,
    hasSubjects: async (resource) =>
      (await where((it) => isMatched(it) && it.resourceFilter === resource.toLowerCase())).some(
        (it) => it.subjectFilter !== undefined,
      ),
    listMatching: (key) =>
      where((it) => isMatched(it) && matchKeyOf(it.resourceFilter, it.subjectFilter) === key),
  };
}

const isSelected = (it: Delivery, selection: DeliverySelection): boolean =>
  it.subscriptionId === selection.subscriptionId &&
  selection.states.includes(it.state) &&
  it.registeredAt >= selection.from &&
  it.registeredAt <= selection.to &&
  it.round !== selection.round;

const ascending = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

export function createInMemoryDeliveries(): DeliveryLog {
  const all = new Map<string, Delivery>();
  const idOf = (subscriptionId: number, key: string): string => `${subscriptionId} ${key}`;
  const where = (test: (it: Delivery) => boolean): Delivery[] => [...all.values()].filter(test);
  const put = (it: Delivery): void => {
    all.set(idOf(it.subscriptionId, it.key), it);
  };
  return {
    get: (subscriptionId, key) => Promise.resolve(all.get(idOf(subscriptionId, key))),
    put(delivery) {
      put(delivery);
      return Promise.resolve();
    },
    move(before, after) {
      const now = all.get(idOf(before.subscriptionId, before.key));
      if (now?.state === before.state && now.round === before.round) put(after);
      return Promise.resolve();
    },
    listOf(subscriptionId, limit, state) {
      const found = where(
        (it) => it.subscriptionId === subscriptionId && (state ?? it.state) === it.state,
      );
      found.sort((one, other) => ascending(other.updatedAt, one.updatedAt));
      return Promise.resolve(found.slice(0, limit));
    },
    select(selection, limit) {
      const found = where((it) => isSelected(it, selection));
      found.sort((one, other) => ascending(one.registeredAt, other.registeredAt));
      return Promise.resolve(found.slice(0, limit));
    },
    count: (selection) => Promise.resolve(where((it) => isSelected(it, selection)).length),
    hasLater: (selection, { subject, sequence }) =>
      Promise.resolve(
        where((it) => isSelected(it, selection)).some(
          (it) => it.subject === subject && it.sequence > sequence,
        ),
      ),
    hasDelivered: (subscriptionId, since) =>
      Promise.resolve(
        where((it) => it.subscriptionId === subscriptionId && it.state === "delivered").some(
          (it) => it.updatedAt >= since,
        ),
      ),
  };
}
