/** Forgets a party: its events, what feeds hold of them, and the log of their deliveries. */
import { canonicalSubject } from "../domain/cloud-event.ts";
import type { Erasure } from "../domain/erasure.ts";

/** What erasing needs. */
export interface ErasePartyPorts {
  readonly erasure: Erasure;
}

/** How much was erased. */
export interface Erased {
  readonly events: number;
  readonly feedEntries: number;
  readonly deliveries: number;
}

async function eraseSubject({ erasure }: ErasePartyPorts, subject: string): Promise<Erased> {
  let [events, feedEntries] = [0, 0];
  for (;;) {
    const keys = await erasure.eventsOf(subject);
    if (keys.length === 0) break;
    // Feeds first: as long as the events are there, a repeat knows what to look for.
    feedEntries += await erasure.eraseFeedEntries(keys);
    await erasure.eraseEvents(subject, keys);
    // And again: one may have been on its way to a feed while it was erased.
    feedEntries += await erasure.eraseFeedEntries(keys);
    events += keys.length;
  }
  await erasure.retire(subject);
  const deliveries = await erasure.eraseDeliveries(subject);
  await erasure.eraseParkedChanges(subject);
  return { events, feedEntries, deliveries };
}

/**
 * Erases what is kept about a party under each of its names. Safe to repeat; a repeat completes what a crash left.
 *
 * Readers of a feed pass over what was erased; readers of the party's own events are told that they are gone.
 */
export async function eraseParty(
  ports: ErasePartyPorts,
  subjects: readonly string[],
): Promise<Erased> {
  let sum: Erased = { events: 0, feedEntries: 0, deliveries: 0 };
  for (const subject of new Set(subjects.map(canonicalSubject))) {
    const erased = await eraseSubject(ports, subject);
    sum = {
      events: sum.events + erased.events,
      feedEntries: sum.feedEntries + erased.feedEntries,
      deliveries: sum.deliveries + erased.deliveries,
    };
  }
  return sum;
}
