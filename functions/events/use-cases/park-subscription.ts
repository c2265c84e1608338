/** An owner parks a subscription, takes it up again, and chooses what becomes of what was held or given up meanwhile. */
import type { EventCaller } from "../domain/caller-subject.ts";
import type { DeliveryState } from "../domain/delivery.ts";
import type { DeliverySelection, ReplayChoice } from "../domain/ports.ts";
import type { Subscription } from "../domain/subscription.ts";
import { isActive, isMatched, park, resume } from "../domain/subscription-state.ts";
import {
  type Found,
  getSubscription,
  type ManageSubscriptionsPorts,
} from "./manage-subscriptions.ts";

/** Earlier than any event, and later than any. */
const BEGINNING = "0000";
const END = "9999";

const asFound = (thing: Subscription | undefined): Found =>
  thing ? { kind: "found", thing } : { kind: "absent" };

/** Clocks of several instances differ, and events that come at once are stored a little ahead of time. */
const SKEW_IN_MS = 60_000;

/** Everything that a subscription holds. */
const heldBy = (subscriptionId: number): DeliverySelection => ({
  subscriptionId,
  states: ["held"],
  from: BEGINNING,
  to: END,
  round: "~",
});

/** Asks for what waits to be taken up again, held or with further attempts before it, as far as it was stored until now. */
export async function replayWaiting(
  ports: Pick<ManageSubscriptionsPorts, "clock" | "newId" | "queues">,
  subscriptionId: number,
  choice: ReplayChoice,
  states: readonly DeliveryState[] = ["held", "pending"],
): Promise<void> {
  await ports.queues.requestReplay({
    subscriptionId,
    states,
    from: BEGINNING,
    to: new Date(ports.clock.now() + SKEW_IN_MS).toISOString(),
    choice,
    round: ports.newId(),
    page: 1,
  });
}

/** A subscription, and how many events it holds; it holds none that is counted while it is active. */
export interface SubscriptionView {
  readonly it: Subscription;
  readonly held?: number;
}

/** The caller's own subscription with what it holds. */
export async function viewSubscription(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
  id: number,
): Promise<Found<SubscriptionView>> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  const it = found.thing;
  if (!isMatched(it) || isActive(it)) return { kind: "found", thing: { it } };
  return { kind: "found", thing: { it, held: await ports.deliveries.count(heldBy(id)) } };
}

/** Parks the caller's own subscription: what it matches from now on is held. Safe to repeat. */
export async function pauseSubscription(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
  id: number,
): Promise<Found> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  const at = new Date(ports.clock.now()).toISOString();
  return asFound(await ports.subscriptions.update(id, (it) => park(it, "paused", at)));
}

/**
 * Takes the caller's own subscription up again. Safe to repeat: what was taken up is not taken up twice.
 *
 * @param choice what becomes of what was held meanwhile
 */
export async function resumeSubscription(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
  id: number,
  choice: ReplayChoice,
): Promise<Found> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  // Active first: what is held in this very moment sees it and goes on by itself.
  const thing = await ports.subscriptions.update(id, (it) => (it.parked ? resume(it) : it));
  if (thing) await replayWaiting(ports, id, choice);
  return asFound(thing);
}

/** Which dead letters to try again: those of events stored within these bounds, both included. */
export interface RedriveRange {
  readonly from?: string;
  readonly to?: string;
}

/**
 * Tries dead letters of the caller's own subscription again.
 *
 * @returns how many there are
 */
export async function redriveDeliveries(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
  id: number,
  { from = BEGINNING, to = END }: RedriveRange,
): Promise<Found<number>> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  const selection: DeliverySelection = {
    subscriptionId: id,
    states: ["dead-lettered"],
    from,
    to,
    round: ports.newId(),
  };
  const count = await ports.deliveries.count(selection);
  await ports.queues.requestReplay({
    ...selection,
    choice: "all",
    page: 1,
  });
  return { kind: "found", thing: count };
}

/** What a derived key looks like; anything else is the key of nothing. */
const isDeliveryKey = (text: string): boolean => /^[\w-]{43}$/.test(text);

/**
 * Tries one delivery of the caller's own subscription again, whatever became of it but success.
 *
 * @param key the delivery's
 * @returns 0 when there is no such delivery to try again, otherwise 1
 */
export async function redriveOne(
  ports: ManageSubscriptionsPorts,
  caller: EventCaller,
  id: number,
  key: string,
): Promise<Found<number>> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  const delivery = isDeliveryKey(key) ? await ports.deliveries.get(id, key) : undefined;
  if (delivery?.state !== "dead-lettered" && delivery?.state !== "held") {
    return { kind: "found", thing: 0 };
  }
  const { subject } = delivery;
  const round = ports.newId();
  await ports.queues.requestPushes([{ subscriptionId: id, subject, key, round }]);
  return { kind: "found", thing: 1 };
}
