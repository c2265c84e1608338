/** What an owner does with subscriptions that exist. */
import { PermanentFailure } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";
import type { EventCaller } from "../domain/caller-subject.ts";
import type { DeliveryLog, EventQueues, SubscriptionStore } from "../domain/ports.ts";
import type { Delivery } from "../domain/delivery.ts";
import type { Subscription } from "../domain/subscription.ts";

/** What managing needs. */
export interface ManageSubscriptionsPorts {
  readonly clock: Clock;
  readonly newSecret: () => string;
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: DeliveryLog;
  readonly queues: EventQueues;
  readonly newId: () => string;
}

/** A subscription, or why the caller does not get it. */
export type Found<Thing = Subscription> =
  { readonly kind: "found"; readonly thing: Thing } | { readonly kind: "absent" | "foreign" };

/** How long the secret before a rotation still signs. */
const OVERLAP_IN_MS = 24 * 3600 * 1000;

/** The caller's own subscription. */
export async function getSubscription(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
  id: number,
): Promise<Found> {
  const thing = await ports.subscriptions.get(id);
  if (!thing) return { kind: "absent" };
  return thing.createdBy === caller.entity ? { kind: "found", thing } : { kind: "foreign" };
}

/** All subscriptions of the caller, validated or not, oldest first. */
export async function listSubscriptions(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
): Promise<readonly Subscription[]> {
  if (caller.entity === undefined) return [];
  const all = await ports.subscriptions.listOf(caller.entity);
  return [...all].sort(
    (one, other) => one.created.localeCompare(other.created) || one.id - other.id,
  );
}

/** Deletes the caller's own subscription; nothing is pushed for it any more. Safe to repeat. */
export async function deleteSubscription(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
  id: number,
): Promise<Found> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind === "found") await ports.subscriptions.delete(found.thing);
  return found;
}

/** Gives a subscription another secret; the one before signs beside it for a day. Not safe to repeat. */
export async function rotateSecret(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
  id: number,
): Promise<Found> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  const until = ports.clock.now() + OVERLAP_IN_MS;
  const previousSecret = { secret: found.thing.secret, until };
  const thing = { ...found.thing, secret: ports.newSecret(), previousSecret };
  await ports.subscriptions.replace(thing);
  return { kind: "found", thing };
}

/** The latest deliveries of the caller's own subscription, newest first. */
export async function listDeliveries(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
  id: number,
  limit: number,
): Promise<Found<readonly Delivery[]>> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  return { kind: "found", thing: await ports.deliveries.listOf(id, limit) };
}

/**
 * Tries dead-lettered deliveries of the caller's own subscription again.
 *
 * @param key only this one; all of the latest thousand when absent
 * @returns how many
 */
export async function redriveDeliveries(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
  id: number,
  key: string | undefined,
): Promise<Found<number>> {
  const found = await listDeliveries(ports, caller, id, 1000);
  if (found.kind !== "found") return found;
  const dead = found.thing.filter(
    (it) => it.state === "dead-lettered" && (key === undefined || it.key === key),
  );
  if (key !== undefined && dead.length === 0) {
    throw new PermanentFailure("conflict", "There is no such delivery in the dead-letter state.");
  }
  const updatedAt = new Date(ports.clock.now()).toISOString();
  for (const delivery of dead) {
    await ports.deliveries.put({ ...delivery, state: "pending", attempts: [], updatedAt });
  }
  const traceparent = `00-${ports.newId().replaceAll("-", "")}-0000000000000001-01`;
  await ports.queues.requestPushes(
    dead.map(({ subject, key: itsKey }) => ({
      subscriptionId: id,
      subject,
      key: itsKey,
      traceparent,
    })),
    ports.newId(),
  );
  return { kind: "found", thing: dead.length };
}
