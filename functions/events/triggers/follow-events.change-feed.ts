/** What follows from a stored event, woken by the change feed: its place in the feed of its resource, and the fan-out. */
import type { CosmosDBv4Handler } from "@azure/functions";
import { RetryLater } from "../../kernel/failures.ts";
import type { Logger, Measures } from "../../kernel/ports.ts";
import { inSpan, inSpans } from "../../platform/telemetry/spans.ts";
import type { StoredEvent } from "../domain/stored-event.ts";
import { countProgress, type CountProgressPorts } from "../use-cases/count-progress.ts";
import { fanOutEvents, type FanOutEventPorts } from "../use-cases/fan-out-event.ts";
import { projectEvents, type ProjectEventsPorts } from "../use-cases/project-events.ts";
import { storedEventsIn } from "./stored-changes.ts";

/** Keeps what a projection could not digest, where it is seen, counted and can be tried again. */
export interface ParkedChanges {
  park(projection: string, stored: StoredEvent, reason: string): Promise<void>;
}

export interface FollowEventsPorts
  extends FanOutEventPorts, ProjectEventsPorts, CountProgressPorts {
  readonly logger: Logger;
  readonly measures: Measures;
  readonly parked: ParkedChanges;
}

/** Tries at one event that fails for a reason nobody foresaw; then it is parked and the feed moves on. */
const MAX_TRIES = 5;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");

async function oneByOne(
  ports: FollowEventsPorts,
  projection: string,
  events: readonly StoredEvent[],
  follow: (stored: StoredEvent) => Promise<void>,
): Promise<void> {
  for (const stored of events) {
    for (let tries = 1; ; tries++) {
      try {
        const { traceparent } = stored;
        await inSpan({ name: projection, kind: "consumer", traceparent }, () => follow(stored));
        break;
      } catch (error) {
        // An outage passes: the host brings the whole batch again, without end.
        if (error instanceof RetryLater) throw error;
        if (tries < MAX_TRIES) continue;
        ports.logger.error({ projection, key: stored.key }, "A change is parked", error);
        await ports.parked.park(projection, stored, reasonOf(error));
        ports.measures.record("parked", 1, { projection });
        break;
      }
    }
  }
}

/** From the commit to readable. */
function measureLag(ports: FollowEventsPorts, events: readonly StoredEvent[]): void {
  const now = ports.clock.now();
  for (const { registeredAt } of events) {
    ports.measures.record("projectionLag", Math.max(0, now - Date.parse(registeredAt)));
  }
}

const inEachTrace = (
  projection: string,
  events: readonly StoredEvent[],
  follow: () => Promise<void>,
): Promise<void> =>
  inSpans(
    { name: projection, kind: "consumer" },
    events.map(({ traceparent }) => traceparent),
    follow,
  );

export const projectEventsChangeFeed =
  (ports: FollowEventsPorts): CosmosDBv4Handler =>
  async (changes) => {
    const events = storedEventsIn(changes);
    try {
      await inEachTrace("project-events", events, () => projectEvents(ports, events));
      measureLag(ports, events);
    } catch (error) {
      if (error instanceof RetryLater) throw error;
      await oneByOne(ports, "project-events", events, (stored) => projectEvents(ports, [stored]));
    }
  };

export const countProgressChangeFeed =
  (ports: FollowEventsPorts): CosmosDBv4Handler =>
  async (changes) => {
    const events = storedEventsIn(changes);
    try {
      await countProgress(ports, events);
    } catch (error) {
      if (error instanceof RetryLater) throw error;
      await oneByOne(ports, "count-progress", events, (stored) => countProgress(ports, [stored]));
    }
  };

export const fanOutEventChangeFeed =
  (ports: FollowEventsPorts): CosmosDBv4Handler =>
  async (changes) => {
    const events = storedEventsIn(changes);
    try {
      await inEachTrace("fan-out-event", events, () => fanOutEvents(ports, events));
    } catch (error) {
      if (error instanceof RetryLater) throw error;
      await oneByOne(ports, "fan-out-event", events, (stored) => fanOutEvents(ports, [stored]));
    }
  };
