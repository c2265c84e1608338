/** What an owner does with subscriptions that exist. */
import type { Clock } from "../../kernel/ports.ts";
import type { EventCaller } from "../domain/caller-subject.ts";
import type { DeliveryLog, EventQueues, SubscriptionStore } from "../domain/ports.ts";
import type { Delivery, DeliveryState } from "../domain/delivery.ts";
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

const identitiesOf = ({ entity, formerEntity }: EventCaller): readonly string[] =>
  [entity, formerEntity].filter((it) => it !== undefined);

/** The caller's own subscription, also from before its token named an org. */
export async function getSubscription(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
  id: number,
): Promise<Found> {
  const thing = await ports.subscriptions.get(id);
  if (!thing) return { kind: "absent" };
  return identitiesOf(caller).includes(thing.createdBy)
    ? { kind: "found", thing }
    : { kind: "foreign" };
}

/** All subscriptions of the caller, validated or not, oldest first. */
export async function listSubscriptions(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
): Promise<readonly Subscription[]> {
  const identities = identitiesOf(caller);
  const all = await Promise.all(identities.map((it) => ports.subscriptions.listOf(it)));
  return all
    .flat()
    .sort((one, other) => one.created.localeCompare(other.created) || one.id - other.id);
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
  const secret = ports.newSecret();
  const thing = await ports.subscriptions.update(id, (it) => ({
    ...it,
    secret,
    previousSecret: { secret: it.secret, until },
  }));
  return thing ? { kind: "found", thing } : { kind: "absent" };
}

/** The latest deliveries of the caller's own subscription, newest first; of one state when that is given. */
export async function listDeliveries(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
  id: number,
  { limit, state }: { readonly limit: number; readonly state?: DeliveryState },
): Promise<Found<readonly Delivery[]>> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  return { kind: "found", thing: await ports.deliveries.listOf(id, limit, state) };
}
