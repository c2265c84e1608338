/** Why was an event delivered to a subscription, or why not? Each filter, each decision and its age, each attempt. */
import type { EventCaller } from "../domain/caller-subject.ts";
import type { Attempt, Delivery, DeliveryState, RecordedDecision } from "../domain/delivery.ts";
import type { EventFeeds, Parties } from "../domain/ports.ts";
import type { StoredEvent } from "../domain/stored-event.ts";
import { type FilterVerdicts, judge, type Subscription } from "../domain/subscription.ts";
import type { Parked } from "../domain/subscription-state.ts";
import { type DeliverPorts, receivingQuestion } from "./deliver-event.ts";
import { mainUnitSubject } from "./fan-out-event.ts";
import {
  type Found,
  getSubscription,
  type ManageSubscriptionsPorts,
} from "./manage-subscriptions.ts";
import { feedOfResource } from "./project-events.ts";

/** What explaining needs. */
export type ExplainDeliveryPorts = ManageSubscriptionsPorts &
  Pick<DeliverPorts, "decisions"> & { readonly feeds: EventFeeds; readonly parties: Parties };

/** A decision and how old it is. */
export interface AgedDecision extends RecordedDecision {
  readonly ageInSeconds: number;
}

/** An explanation; it says no more of an event than what the asking subscriber may see. */
export type Explanation =
  | { readonly outcome: "event-not-found" }
  | {
      readonly outcome: Exclude<DeliveryState, "unauthorized"> | "not-authorized" | "not-matched";
      readonly subscription: {
        readonly validated: boolean;
        readonly parked?: Parked;
        /** Events before this were not matched. RFC 3339. */
        readonly matchedSince?: string;
      };
      /** When the event was stored. RFC 3339. */
      readonly registeredAt: string;
      /** What each filter says now; `time`: whether the event came after the first validation. */
      readonly filters: FilterVerdicts & { readonly time: boolean };
      /** Whether the consumer may know of the event now, and as it was asked for the last attempt. */
      readonly authorization: { readonly now: AgedDecision; readonly atDelivery?: AgedDecision };
      /** RFC 3339: when the next attempt may come is the business of the queue; this is when something last changed. */
      readonly updatedAt?: string;
      readonly attempts: readonly Attempt[];
    };

const outcomeOf = (
  delivery: Delivery | undefined,
  isPermitted: boolean,
  isMatched: boolean,
): Exclude<Explanation["outcome"], "event-not-found"> => {
  if (delivery && delivery.state !== "unauthorized") return delivery.state;
  if (!isMatched) return "not-matched";
  return isPermitted && !delivery ? "pending" : "not-authorized";
};

const stateOf = ({ validated, parked, matchedSince }: Subscription) => ({
  validated,
  ...(parked && { parked }),
  ...(matchedSince !== undefined && { matchedSince }),
});

const aged = (decision: RecordedDecision, nowInMs: number): AgedDecision => ({
  ...decision,
  ageInSeconds: Math.max(0, Math.round((nowInMs - Date.parse(decision.at)) / 1000)),
});

async function findInFeed(
  feeds: EventFeeds,
  resource: string,
  eventId: string,
): Promise<StoredEvent | undefined> {
  const feed = feedOfResource(resource);
  const number = await feeds.find(feed, eventId);
  const [entry] = number === undefined ? [] : await feeds.read(feed, number - 1, 1);
  return entry?.stored;
}

async function filtersOf(ports: ExplainDeliveryPorts, it: Subscription, stored: StoredEvent) {
  const unit = it.includeSubunits ? await mainUnitSubject(ports.parties, stored.event) : undefined;
  const { matchedSince } = it;
  const time =
    matchedSince !== undefined && Date.parse(stored.registeredAt) >= Date.parse(matchedSince);
  return { ...judge(it, stored.event, unit), time };
}

/**
 * Explains what became of an event for the caller's own subscription.
 *
 * @param eventId id of an event in the feed of the subscription's resource
 * @throws {RetryLater} the decision point or the register does not answer
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
  const stored = await findInFeed(ports.feeds, subscription.resourceFilter, eventId);
  if (!stored) return { kind: "found", thing: { outcome: "event-not-found" } };
  const [delivery, decision, filters] = await Promise.all([
    ports.deliveries.get(id, stored.key),
    ports.decisions.decideOne(receivingQuestion(subscription, stored)),
    filtersOf(ports, subscription, stored),
  ]);
  // Whoever may not receive an event learns no more of it than that.
  if (!decision.isPermitted && !delivery) {
    return { kind: "found", thing: { outcome: "event-not-found" } };
  }
  const now = ports.clock.now();
  const isMatched = Object.values(filters).every(Boolean);
  const thing: Explanation = {
    outcome: outcomeOf(delivery, decision.isPermitted, isMatched),
    subscription: stateOf(subscription),
    registeredAt: stored.registeredAt,
    filters,
    authorization: {
      now: aged(decision, now),
      ...(delivery?.decision && { atDelivery: aged(delivery.decision, now) }),
    },
    ...(delivery && { updatedAt: delivery.updatedAt }),
    attempts: delivery?.attempts ?? [],
  };
  return { kind: "found", thing };
}
