/** Events, step 2b: who is to be told? One message for each interested subscription. Next: `push-event`. */
import { canonicalSubject, type ResourceEvent } from "../domain/cloud-event.ts";
import type { EventQueues, Parties, SubscriptionStore } from "../domain/ports.ts";
import type { StoredEvent } from "../domain/stored-event.ts";
import { interests, matchKeyOf, matchKeysOf, type Subscription } from "../domain/subscription.ts";

/** What fanning out needs. */
export interface FanOutEventPorts {
  readonly subscriptions: SubscriptionStore;
  readonly parties: Parties;
  readonly queues: EventQueues;
}

const isOfBusiness = (alternative: string | undefined): boolean =>
  /^\/(org|organisation|organization)\//i.test(alternative ?? "");

/** The subject as which the main unit of the event's subject subscribes; `undefined` when it has none. */
async function mainUnitSubject(
  parties: Parties,
  event: ResourceEvent,
): Promise<string | undefined> {
  const subject = canonicalSubject(event.subject ?? "");
  if (subject.startsWith("urn:altinn:organization:")) {
    const unit = await parties.findMainUnit(subject);
    return unit?.urn === "" ? undefined : unit?.urn;
  }
  const [, partyId] = /^\/party\/(\d+)$/.exec(subject) ?? [];
  if (!partyId || !isOfBusiness(event.alternativesubject)) return undefined;
  const unit = await parties.findMainUnit(`urn:altinn:party:id:${partyId}`);
  return unit && `/party/${unit.partyId}`;
}

async function findInterested(
  ports: FanOutEventPorts,
  event: ResourceEvent,
): Promise<readonly Subscription[]> {
  const direct = (
    await Promise.all(matchKeysOf(event).map((key) => ports.subscriptions.listMatching(key)))
  )
    .flat()
    .filter((subscription) => interests(subscription, event));
  const mainUnit = await mainUnitSubject(ports.parties, event);
  if (mainUnit === undefined) return direct;
  const ofMainUnit = await ports.subscriptions.listMatching(matchKeyOf(event.resource, mainUnit));
  const further = ofMainUnit.filter((it) => it.includeSubunits && interests(it, event, mainUnit));
  return [...direct, ...further];
}

/**
 * Hands on one push for each subscription that a stored event interests. Safe to repeat.
 *
 * Rights are not asked here but right before each attempt. Subscriptions are read from the store each time, so one
 * that was made or deleted a moment ago counts at once.
 */
export async function fanOutEvent(ports: FanOutEventPorts, stored: StoredEvent): Promise<void> {
  const { event, key, subject, traceparent } = stored;
  const interested = await findInterested(ports, event);
  const ids = new Set(interested.map(({ id }) => id));
  await ports.queues.requestPushes(
    [...ids].map((subscriptionId) => ({ subscriptionId, subject, key, traceparent })),
  );
}
