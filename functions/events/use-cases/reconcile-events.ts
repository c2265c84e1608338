/**
 * Proves that accepted = stored = projected = matched = attempted + parked, and repairs what is not so.
 *
 * Every event is looked at once, some time after it was stored: is it in its feed, and does each subscription that
 * matched it have a delivery? What is missing is counted, then the step that should have done it is run again.
 */
import { RetryLater } from "../../kernel/failures.ts";
import { groupBy } from "../../kernel/group-by.ts";
import type { Logger, Measures } from "../../kernel/ports.ts";
import type { Reconciliation, ReconciliationState } from "../domain/reconciliation.ts";
import type { StoredEvent } from "../domain/stored-event.ts";
import { interests, matchKeyOf, matchKeysOf, type Subscription } from "../domain/subscription.ts";
import { timeOfTicks } from "../domain/timestamp.ts";
import { fanOutEvent, type FanOutEventPorts, mainUnitSubject } from "./fan-out-event.ts";
import { feedOfResource, projectEvents } from "./project-events.ts";

/** What reconciling needs. */
export interface ReconcileEventsPorts extends FanOutEventPorts {
  readonly logger: Logger;
  readonly measures: Measures;
  readonly reconciliation: Reconciliation;
}

/** What a run found. */
export interface ReconciliationOutcome {
  readonly lookedAt: number;
  readonly unprojected: number;
  /** Pairs of an event and a subscription that had no delivery. */
  readonly untold: number;
}

/** The time that an event has to be projected, matched and attempted at least once. */
const GRACE_IN_MS = 10 * 60_000;

/** How far back the first run of all begins. */
const FIRST_STRETCH_IN_MS = 24 * 3600_000;

/** A run ends before the next one begins, which goes on from there. */
const LONGEST_RUN_IN_MS = 4 * 60_000;

/** Events that are looked at at the same time. */
const PARALLEL = 16;

const textOf = (ms: number): string => timeOfTicks(BigInt(ms) * 10_000n);

async function repairProjection(
  ports: ReconcileEventsPorts,
  events: readonly StoredEvent[],
): Promise<number> {
  let unprojected = 0;
  for (const [feed, group] of groupBy(events, ({ event }) => feedOfResource(event.resource))) {
    const missing = await ports.reconciliation.missingFrom(
      feed,
      group.map(({ key }) => key),
    );
    const lost: StoredEvent[] = [];
    for (const stored of group.filter(({ key }) => missing.has(key))) {
      if (!(await ports.reconciliation.isParked("project-events", stored.key))) lost.push(stored);
    }
    unprojected += lost.length;
    lost.sort((a, b) => a.sequence - b.sequence);
    await projectEvents(ports, lost);
  }
  return unprojected;
}

/** While the register does not answer, whoever follows a main unit is looked for later, by the step itself. */
async function mainUnitOf(
  ports: ReconcileEventsPorts,
  { event }: StoredEvent,
): Promise<string | undefined> {
  try {
    return await mainUnitSubject(ports.parties, event);
  } catch (error) {
    if (error instanceof RetryLater) return undefined;
    throw error;
  }
}

/** Subscriptions that must have been told of an event: they match it, and did so when it was stored. */
async function interestedIn(
  ports: ReconcileEventsPorts,
  stored: StoredEvent,
): Promise<readonly Subscription[]> {
  const { event, registeredAt } = stored;
  const mainUnit = await mainUnitOf(ports, stored);
  const keys = [
    ...matchKeysOf(event, await ports.subscriptions.hasSubjects(event.resource)),
    ...(mainUnit === undefined ? [] : [matchKeyOf(event.resource, mainUnit)]),
  ];
  const found = await Promise.all(keys.map((key) => ports.subscriptions.listMatching(key)));
  return found.flat().filter(
    (it) =>
      interests(it, event, mainUnit) &&
      // Compared as instants: the two texts have different numbers of digits.
      it.matchedSince !== undefined &&
      Date.parse(it.matchedSince) < Date.parse(registeredAt),
  );
}

async function repairFanOut(ports: ReconcileEventsPorts, stored: StoredEvent): Promise<number> {
  const ids = new Set((await interestedIn(ports, stored)).map(({ id }) => id));
  const deliveries = await Promise.all([...ids].map((id) => ports.deliveries.get(id, stored.key)));
  const untold = deliveries.filter((delivery) => delivery === undefined).length;
  if (untold === 0) return 0;
  if (await ports.reconciliation.isParked("fan-out-event", stored.key)) return 0;
  await fanOutEvent(ports, stored);
  return untold;
}

async function lookAtPage(
  ports: ReconcileEventsPorts,
  events: readonly StoredEvent[],
): Promise<ReconciliationOutcome> {
  const unprojected = await repairProjection(ports, events);
  let untold = 0;
  for (let from = 0; from < events.length; from += PARALLEL) {
    const some = events.slice(from, from + PARALLEL);
    const counts = await Promise.all(some.map((stored) => repairFanOut(ports, stored)));
    untold += counts.reduce((sum, count) => sum + count, 0);
  }
  return { lookedAt: events.length, unprojected, untold };
}

const sumOf = (
  one: ReconciliationOutcome,
  other: ReconciliationOutcome,
): ReconciliationOutcome => ({
  lookedAt: one.lookedAt + other.lookedAt,
  unprojected: one.unprojected + other.unprojected,
  untold: one.untold + other.untold,
});

/** Looks at what was stored since the last run and has had its time. Safe to repeat. */
export async function reconcileEvents(ports: ReconcileEventsPorts): Promise<ReconciliationOutcome> {
  const { reconciliation, clock } = ports;
  const settled = textOf(clock.now() - GRACE_IN_MS);
  let state: ReconciliationState = (await reconciliation.load()) ?? {
    upTo: textOf(clock.now() - FIRST_STRETCH_IN_MS),
  };
  const to = state.stretch?.to ?? settled;
  let sum: ReconciliationOutcome = { lookedAt: 0, unprojected: 0, untold: 0 };
  const endsAt = clock.now() + LONGEST_RUN_IN_MS;
  for (let isDone = to <= state.upTo; !isDone && clock.now() < endsAt;) {
    const page = await reconciliation.storedBetween(state.upTo, to, state.stretch?.continuation);
    sum = sumOf(sum, await lookAtPage(ports, page.events));
    const { continuation } = page;
    isDone = continuation === undefined;
    state =
      continuation === undefined
        ? { upTo: to }
        : { upTo: state.upTo, stretch: { to, continuation } };
    await reconciliation.save(state);
  }
  const unaccounted = sum.unprojected + sum.untold;
  ports.measures.record("unaccounted", unaccounted, { kind: "event" });
  if (unaccounted > 0) {
    ports.logger.error({ ...sum }, "Events were unaccounted for, and are taken up again");
  }
  return sum;
}
