/** Events, step 2b: who is to be told? One message for each interested subscription. Next: `push-event`. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";
import { canonicalSubject, type ResourceEvent } from "../domain/cloud-event.ts";
import { newDelivery } from "../domain/delivery.ts";
import type {
  DeliveryLog,
  EventFeeds,
  EventQueues,
  EventStore,
  Parties,
  SubscriptionStore,
} from "../domain/ports.ts";
import type { StoredEvent } from "../domain/stored-event.ts";
import { interests, matchKeyOf, matchKeysOf, type Subscription } from "../domain/subscription.ts";
import { isActive } from "../domain/subscription-state.ts";
import { feedOfConsumer } from "./deliver-event.ts";

/** What fanning out needs. */
export interface FanOutEventPorts {
  readonly clock: Clock;
  readonly events: EventStore;
  readonly subscriptions: SubscriptionStore;
  readonly parties: Parties;
  readonly feeds: EventFeeds;
  readonly deliveries: DeliveryLog;
  readonly queues: EventQueues;
}

const isOfBusiness = (alternative: string | undefined): boolean =>
  /^\/(org|organisation|organization)\//i.test(alternative ?? "");

/** The URN by which the register is asked for the main unit of the event's subject; `undefined` when it can have none. */
function unitUrn(event: ResourceEvent): string | undefined {
  const subject = canonicalSubject(event.subject ?? "");
  if (subject.startsWith("urn:altinn:organization:")) return subject;
  const [, partyId] = /^\/party\/(\d+)$/.exec(subject) ?? [];
  return partyId && isOfBusiness(event.alternativesubject)
    ? `urn:altinn:party:id:${partyId}`
    : undefined;
}

/**
 * The subject as which the main unit of the event's subject subscribes; `undefined` when it has none.
 *
 * @throws {RetryLater} the register does not answer
 */
export async function mainUnitSubject(
  parties: Parties,
  event: ResourceEvent,
): Promise<string | undefined> {
  const urn = unitUrn(event);
  const unit = urn === undefined ? undefined : await parties.findMainUnit(urn);
  if (!unit) return undefined;
  if (urn?.startsWith("urn:altinn:party:id:")) return `/party/${unit.partyId}`;
  return unit.urn === "" ? undefined : unit.urn;
}

/** Own feeds are appended to right here: within a subject they keep the order of the store. */
async function appendToFeeds(
  ports: FanOutEventPorts,
  subscriptions: readonly Subscription[],
  stored: StoredEvent,
): Promise<void> {
  const consumers = new Set(subscriptions.map(({ consumer }) => consumer));
  await Promise.all(
    [...consumers].map((consumer) => ports.feeds.append(feedOfConsumer(consumer), [stored])),
  );
  const at = new Date(ports.clock.now()).toISOString();
  await Promise.all(
    subscriptions.map(({ id }) =>
      ports.deliveries.put({ ...newDelivery(id, stored, at), state: "delivered" }),
    ),
  );
}

async function tell(
  ports: FanOutEventPorts,
  interested: readonly Subscription[],
  stored: StoredEvent,
): Promise<void> {
  const distinct = [...new Map(interested.map((it) => [it.id, it])).values()];
  // Whether the consumer may know of it is asked each time it reads.
  const ofFeeds = distinct.filter((it) => it.endPoint === "feed:" && isActive(it));
  const others = distinct.filter((it) => !ofFeeds.includes(it));
  const { subject, key, traceparent } = stored;
  await appendToFeeds(ports, ofFeeds, stored);
  await ports.queues.requestPushes(
    others.map(({ id }) => ({ subscriptionId: id, subject, key, round: "", traceparent })),
  );
}

async function tellMainUnit(ports: FanOutEventPorts, stored: StoredEvent): Promise<void> {
  const { event } = stored;
  const mainUnit = await mainUnitSubject(ports.parties, event);
  if (mainUnit === undefined) return;
  const found = await ports.subscriptions.listMatching(matchKeyOf(event.resource, mainUnit));
  // One that the event interests by itself is told already.
  const ofMainUnit = found.filter((it) => interests(it, event, mainUnit) && !interests(it, event));
  await tell(ports, ofMainUnit, stored);
}

/**
 * Hands on one push for each subscription that a stored event interests. Safe to repeat.
 *
 * Rights are not asked here but right before each attempt. Subscriptions are read from the store each time, so one
 * that was made or deleted a moment ago counts at once. Who follows the subject itself does not wait for the register:
 * while that does not answer, only the main unit's subscriptions wait.
 */
export async function fanOutEvent(ports: FanOutEventPorts, stored: StoredEvent): Promise<void> {
  const { event } = stored;
  const found = await Promise.all(
    matchKeysOf(event).map((key) => ports.subscriptions.listMatching(key)),
  );
  await tell(
    ports,
    found.flat().filter((it) => interests(it, event)),
    stored,
  );
  try {
    await tellMainUnit(ports, stored);
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    const { subject, key, traceparent } = stored;
    await ports.queues.requestUnitFanOut({ subject, key, traceparent });
  }
}

/**
 * Hands on the pushes for who follows the main unit of an event's subject. Safe to repeat.
 *
 * @throws {RetryLater} the register does not answer
 */
export async function fanOutToMainUnit(
  ports: FanOutEventPorts,
  { subject, key }: { readonly subject: string; readonly key: string },
): Promise<void> {
  const stored = await ports.events.get(subject, key);
  if (stored) await tellMainUnit(ports, stored);
}
