/** Why was an event delivered to a subscription, or why not? Each filter, the decision as it is now, each attempt. */
import type { EventCaller } from "../domain/caller-subject.ts";
import type { Delivery } from "../domain/delivery.ts";
import type { EventFeeds } from "../domain/ports.ts";
import { type FilterVerdicts, judge } from "../domain/subscription.ts";
import {
  type Found,
  getSubscription,
  type ManageSubscriptionsPorts,
} from "./manage-subscriptions.ts";
import { feedOfResource } from "./project-events.ts";
import { mayReceive, type PushEventPorts } from "./push-event.ts";

/** What explaining needs. */
export type ExplainDeliveryPorts = ManageSubscriptionsPorts &
  Pick<PushEventPorts, "decisions"> & { readonly feeds: EventFeeds };

/** An explanation; it says no more of an event than what the asking subscriber may see. */
export type Explanation =
  | { readonly outcome: "event-not-found" }
  | {
      readonly outcome:
        "delivered" | "pending" | "dead-lettered" | "not-authorized" | "not-matched";
      readonly isValidated: boolean;
      readonly filters: FilterVerdicts;
      readonly isAuthorized: boolean;
      /** RFC 3339: when the decision was asked for. */
      readonly decidedAt: string;
      readonly attempts: Delivery["attempts"];
    };

const outcomeOf = (
  delivery: Delivery | undefined,
  isAuthorized: boolean,
  isMatched: boolean,
): Exclude<Explanation["outcome"], "event-not-found"> => {
  if (delivery && delivery.state !== "unauthorized") return delivery.state;
  if (!isMatched) return "not-matched";
  return isAuthorized && !delivery ? "pending" : "not-authorized";
};

/**
 * Explains what became of an event for the caller's own subscription.
 *
 * @param eventId id of an event in the feed of the subscription's resource
 */
export async function explainDelivery(
  ports: ExplainDeliveryPorts,
  caller: EventCaller,
  id: number,
  eventId: string,
): Promise<Found<Explanation>> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  const subscription = found.thing;
  const feed = feedOfResource(subscription.resourceFilter);
  const number = await ports.feeds.find(feed, eventId);
  const [entry] = number === undefined ? [] : await ports.feeds.read(feed, number - 1, 1);
  if (!entry) return { kind: "found", thing: { outcome: "event-not-found" } };
  const [delivery, isAuthorized] = await Promise.all([
    ports.deliveries.get(id, entry.stored.key),
    mayReceive(ports, subscription, entry.stored),
  ]);
  // Whoever may not receive an event learns no more of it than that.
  if (!isAuthorized && !delivery) return { kind: "found", thing: { outcome: "event-not-found" } };
  const filters = judge(subscription, entry.stored.event);
  const isMatched = subscription.validated && Object.values(filters).every(Boolean);
  const thing: Explanation = {
    outcome: outcomeOf(delivery, isAuthorized, isMatched),
    isValidated: subscription.validated,
    filters,
    isAuthorized,
    decidedAt: new Date(ports.clock.now()).toISOString(),
    attempts: delivery?.attempts ?? [],
  };
  return { kind: "found", thing };
}
