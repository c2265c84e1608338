/** The two kinds of feed as something to read: the log of a resource, and the events of a subject. */
import { canonicalSubject } from "../domain/cloud-event.ts";
import type { EventFeeds, EventStore } from "../domain/ports.ts";
import { feedOfResource } from "../use-cases/project-events.ts";
import type { ReadableFeed } from "../use-cases/read-feed.ts";

/** A numbered log: of a resource, or of what a consumer's subscriptions matched. */
export const logFeed = (feeds: EventFeeds, name: string): ReadableFeed => ({
  name,
  read: (after, limit) => feeds.read(name, after, limit),
  lastNumber: () => feeds.lastNumber(name),
  find: (eventId) => feeds.find(name, eventId),
});

/** Everything about one subject, in the order in which it was stored. */
export const subjectFeed = (events: EventStore, subject: string): ReadableFeed => ({
  name: `subject:${subject}`,
  read: async (after, limit) =>
    (await events.list(subject, after, limit)).map((stored) => ({
      number: stored.sequence,
      stored,
    })),
  lastNumber: () => events.lastSequence(subject),
  find: (eventId) => events.findSequence(subject, eventId),
});

/**
 * The events of a resource: of everybody, or of one subject. The latter are looked for where the subject's events are,
 * of which there are few, and not among all of the resource.
 */
export const resourceFeed = (
  { events, feeds }: { readonly events: EventStore; readonly feeds: EventFeeds },
  resource: string,
  subject: string | undefined,
): ReadableFeed =>
  subject === undefined
    ? logFeed(feeds, feedOfResource(resource))
    : subjectFeed(events, canonicalSubject(subject));
