/** Events, step 1: accept and store. Next: `project-event` and `fan-out-event`, woken by what is stored here. */
import type { Measures } from "../../kernel/ports.ts";
import { callerAttributes, type EventCaller } from "../domain/caller-subject.ts";
import type { ResourceEvent } from "../domain/cloud-event.ts";
import { genericResource } from "../domain/decision.ts";
import type { Decisions, EventStore } from "../domain/ports.ts";
import type { NewEvent } from "../domain/stored-event.ts";

/** What publishing needs. */
export interface PublishEventsPorts {
  readonly events: EventStore;
  readonly decisions: Decisions;
  readonly measures: Measures;
}

/** Publishers with this scope speak for every resource. */
const ADMIN_SCOPE = "altinn:events.publish.admin";

/**
 * Which of the events the caller may publish.
 *
 * @returns one answer for each event, in order
 */
export async function mayPublish(
  ports: PublishEventsPorts,
  caller: EventCaller,
  events: readonly ResourceEvent[],
): Promise<readonly boolean[]> {
  const isAdmin = [...caller.scopes].some((scope) => scope.toLowerCase() === ADMIN_SCOPE);
  if (isAdmin) return events.map(() => true);
  const subject = callerAttributes(caller);
  const { authenticationLevel, isOrg } = caller;
  return ports.decisions.decide(
    events.map((event) => ({
      subject,
      action: "publish",
      resource: genericResource(event),
      authenticationLevel,
      isOrg,
    })),
  );
}

/**
 * Stores events. Safe to repeat: one that was published before is answered as the first time.
 *
 * @param events checked, and the caller may publish them
 */
export async function storeEvents(
  ports: PublishEventsPorts,
  events: readonly NewEvent[],
): Promise<void> {
  const outcomes = await ports.events.append(events);
  const stored = outcomes.filter((outcome) => outcome === "stored").length;
  ports.measures.record("accepted", stored, { kind: "event" });
}
