/** Events, step 2b: who is to be told? One message for each interested subscription. Next: `push-event`. */
import { RetryLater } from "../../kernel/failures.ts";
import { groupBy } from "../../kernel/group-by.ts";
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

/** Whom one event interests. */
interface Interest {
  readonly stored: StoredEvent;
  /** Each once. */
  readonly subscriptions: readonly Subscription[];
}

type LookUps = Pick<SubscriptionStore, "listMatching" | "hasSubjects">;

const once = <Value>(ask: (key: string) => Promise<Value>): ((key: string) => Promise<Value>) => {
  const answers = new Map<string, Promise<Value>>();
  return (key) => {
    const known = answers.get(key) ?? ask(key);
    answers.set(key, known);
    return known;
  };
};

/** Looks everything up once for a batch: events of one resource and one subject have the same keys. */
const lookUpOnce = (subscriptions: SubscriptionStore): LookUps => ({
  listMatching: once((key) => subscriptions.listMatching(key)),
  hasSubjects: once((resource) => subscriptions.hasSubjects(resource)),
});

async function directInterest(lookUps: LookUps, stored: StoredEvent): Promise<Interest> {
  const { event } = stored;
  const keys = matchKeysOf(event, await lookUps.hasSubjects(event.resource));
  const found = (await Promise.all(keys.map((key) => lookUps.listMatching(key)))).flat();
  const interested = found.filter((it) => interests(it, event));
  return { stored, subscriptions: [...new Map(interested.map((it) => [it.id, it])).values()] };
}

/** Whom it interests because the main unit of its subject does; who is told already is left out. */
async function mainUnitInterest(
  parties: Parties,
  lookUps: LookUps,
  stored: StoredEvent,
): Promise<Interest> {
  const { event } = stored;
  if (!(await lookUps.hasSubjects(event.resource))) return { stored, subscriptions: [] };
  const mainUnit = await mainUnitSubject(parties, event);
  const found =
    mainUnit === undefined ? [] : await lookUps.listMatching(matchKeyOf(event.resource, mainUnit));
  const subscriptions = found.filter(
    (it) => interests(it, event, mainUnit) && !interests(it, event),
  );
  return { stored, subscriptions };
}

/** Whether the consumer may know of an event in its own feed is asked each time it reads. */
const isOwnFeed = (it: Subscription): boolean => it.endPoint === "feed:" && isActive(it);

/** Own feeds are appended to right here, in the order of the store, once for each consumer. */
async function appendToFeeds(ports: FanOutEventPorts, all: readonly Interest[]): Promise<void> {
  const pairs = all.flatMap(({ stored, subscriptions }) =>
    subscriptions.filter(isOwnFeed).map((subscription) => ({ stored, subscription })),
  );
  const byConsumer = groupBy(pairs, ({ subscription }) => subscription.consumer);
  await Promise.all(
    [...byConsumer].map(([consumer, group]) =>
      ports.feeds.append(feedOfConsumer(consumer), [...new Set(group.map((it) => it.stored))]),
    ),
  );
  const at = new Date(ports.clock.now()).toISOString();
  await Promise.all(
    pairs.map(({ stored, subscription }) =>
      ports.deliveries.put({ ...newDelivery(subscription.id, stored, at), state: "delivered" }),
    ),
  );
}

async function tell(ports: FanOutEventPorts, all: readonly Interest[]): Promise<void> {
  await appendToFeeds(ports, all);
  await ports.queues.requestPushes(
    all.flatMap(({ stored: { subject, key, traceparent }, subscriptions }) =>
      subscriptions
        .filter((it) => !isOwnFeed(it))
        .map(({ id }) => ({ subscriptionId: id, subject, key, round: "", traceparent })),
    ),
  );
}

async function postponeMainUnit(ports: FanOutEventPorts, stored: StoredEvent): Promise<Interest> {
  const { subject, key, traceparent } = stored;
  await ports.queues.requestUnitFanOut({ subject, key, traceparent });
  return { stored, subscriptions: [] };
}

/**
 * Hands on one push for each subscription that stored events interest; the events are in the order of the store. Safe to
 * repeat.
 *
 * Rights are not asked here but right before each attempt. A subscription that was made or changed a moment ago counts
 * within seconds, wherever that was; that one was deleted or parked, the push sees at once. Who follows the subject itself does not wait for the register:
 * while that does not answer, only the main unit's subscriptions wait.
 */
export async function fanOutEvents(
  ports: FanOutEventPorts,
  events: readonly StoredEvent[],
): Promise<void> {
  const lookUps = lookUpOnce(ports.subscriptions);
  await tell(ports, await Promise.all(events.map((stored) => directInterest(lookUps, stored))));
  const further = await Promise.all(
    events.map((stored) =>
      mainUnitInterest(ports.parties, lookUps, stored).catch((error: unknown) => {
        if (error instanceof RetryLater) return postponeMainUnit(ports, stored);
        throw error;
      }),
    ),
  );
  await tell(ports, further);
}

/** The same for one event. */
export const fanOutEvent = (ports: FanOutEventPorts, stored: StoredEvent): Promise<void> =>
  fanOutEvents(ports, [stored]);

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
  if (!stored) return;
  const lookUps = lookUpOnce(ports.subscriptions);
  await tell(ports, [await mainUnitInterest(ports.parties, lookUps, stored)]);
}
