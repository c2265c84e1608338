/** Events, step 2a: every stored event joins the feed of its resource. */
import { groupBy } from "../../kernel/group-by.ts";
import type { EventFeeds } from "../domain/ports.ts";
import type { StoredEvent } from "../domain/stored-event.ts";

/** What projecting needs. */
export interface ProjectEventsPorts {
  readonly feeds: EventFeeds;
}

/** The feed of a resource; letter case does not matter. */
export const feedOfResource = (resource: string): string => `resource:${resource.toLowerCase()}`;

/** Appends stored events to the feeds of their resources, in the given order. Safe to repeat. */
export async function projectEvents(
  ports: ProjectEventsPorts,
  events: readonly StoredEvent[],
): Promise<void> {
  const byFeed = groupBy(events, ({ event }) => feedOfResource(event.resource));
  await Promise.all([...byFeed].map(([feed, group]) => ports.feeds.append(feed, group)));
}
