/** Reads a page of a feed: what the caller may see of it, and where to go on. */
import { callerAttributes, type EventCaller } from "../domain/caller-subject.ts";
import { appResource, genericResource } from "../domain/decision.ts";
import { type Cursors, startOf } from "../domain/feed-cursor.ts";
import type { Decisions, FeedEntry } from "../domain/ports.ts";
import type { StoredEvent } from "../domain/stored-event.ts";

/** What reading needs besides a feed. */
export interface ReadFeedPorts {
  readonly decisions: Decisions;
  readonly cursors: Cursors;
  /** What becomes of a cursor that nobody knows: told to the reader, or taken as the beginning. */
  readonly whenUnknown: "reject" | "restart";
}

/** Something that is read in order: the log of a resource, or the events of a subject. */
export interface ReadableFeed {
  readonly name: string;
  read(after: number, limit: number): Promise<readonly FeedEntry[]>;
  lastNumber(): Promise<number>;
  find(eventId: string): Promise<number | undefined>;
}

/** What the reader wants. */
export interface FeedQuery {
  /** A cursor, an event id, or a word for the beginning or the end. */
  readonly after: string;
  readonly size: number;
  /** Which events are wanted at all. */
  readonly isWanted: (stored: StoredEvent) => boolean;
  readonly caller: EventCaller;
  /** What seeing an event is called; it may depend on the event's resource. */
  readonly action: "read" | "subscribe" | ((resource: string) => "read" | "subscribe");
}

/** A page, or why there is none. */
export type FeedPage =
  | {
      readonly kind: "page";
      readonly events: readonly StoredEvent[];
      readonly next: string;
      /** The number up to which everything has been looked at. */
      readonly reached: number;
      /** It is full and begins at a fixed place: what is on it will never be another. */
      readonly isImmutable: boolean;
    }
  | { readonly kind: "cursor-unknown" | "cursor-expired"; readonly oldest: string };

/** Entries that are looked at in one go. */
const STRIDE = 200;

/** Entries that are looked at for one request; then the page ends, however little is on it. */
const MAX_LOOKED_AT = 2000;

type FullEntry = Required<FeedEntry>;

/** Which entries are wanted; one that was erased is nobody's. */
const wantedOf = (entries: readonly FeedEntry[], query: FeedQuery): readonly FullEntry[] =>
  entries.flatMap(({ number, stored }) =>
    stored && query.isWanted(stored) ? [{ number, stored }] : [],
  );

async function permitted(
  ports: ReadFeedPorts,
  query: FeedQuery,
  entries: readonly FullEntry[],
): Promise<readonly FullEntry[]> {
  const { caller, action } = query;
  const subject = callerAttributes(caller);
  const answers = await ports.decisions.decide(
    entries.map(({ stored: { event } }) => {
      const itsAction = typeof action === "function" ? action(event.resource) : action;
      return {
        subject,
        action: itsAction,
        resource: itsAction === "read" ? appResource(event) : genericResource(event),
        authenticationLevel: caller.authenticationLevel,
        isOrg: caller.isOrg,
      };
    }),
  );
  return entries.filter((_, index) => answers[index]);
}

interface Position {
  /** To read after. */
  readonly number: number;
  /** A place that we gave or have: what follows it must still be there. */
  readonly isFixed: boolean;
}

/** Where to begin; `undefined` for a cursor that nobody knows. */
async function positionOf(
  ports: ReadFeedPorts,
  feed: ReadableFeed,
  after: string,
): Promise<Position | undefined> {
  const start = startOf(after);
  if (start === "oldest") return { number: 0, isFixed: false };
  if (start === "newest") return { number: await feed.lastNumber(), isFixed: false };
  const decoded = ports.cursors.decode(feed.name, after);
  if (decoded !== undefined) return { number: decoded, isFixed: decoded > 0 };
  const found = await feed.find(after);
  if (found !== undefined) return { number: found, isFixed: true };
  return ports.whenUnknown === "restart" ? { number: 0, isFixed: false } : undefined;
}

const oldestOf = async (ports: ReadFeedPorts, feed: ReadableFeed): Promise<string> => {
  const [first] = await feed.read(0, 1);
  return ports.cursors.encode(feed.name, (first?.number ?? 1) - 1);
};

interface Collected {
  readonly events: readonly StoredEvent[];
  /** The number up to which everything has been looked at. */
  readonly number: number;
}

/** Reads on until the page is full, the feed ends, or enough was looked at. */
async function collect(
  ports: ReadFeedPorts,
  feed: ReadableFeed,
  query: FeedQuery,
  from: { readonly number: number; readonly first: readonly FeedEntry[] },
): Promise<Collected> {
  const events: StoredEvent[] = [];
  let { number, first: entries } = from;
  for (let lookedAt = 0; entries.length > 0;) {
    lookedAt += entries.length;
    const visible = await permitted(ports, query, wantedOf(entries, query));
    const fitting = visible.slice(0, query.size - events.length);
    events.push(...fitting.map(({ stored }) => stored));
    const isFull = events.length >= query.size;
    number = (isFull ? fitting : entries).at(-1)?.number ?? number;
    if (isFull || entries.length < STRIDE || lookedAt >= MAX_LOOKED_AT) break;
    entries = await feed.read(number, STRIDE);
  }
  return { events, number };
}

/**
 * Reads a page. Nothing is skipped and nothing comes twice when the reader follows `next`, whatever is published
 * meanwhile; a page always has a `next`, also when the reader may see nothing of it.
 */
export async function readFeed(
  ports: ReadFeedPorts,
  feed: ReadableFeed,
  query: FeedQuery,
): Promise<FeedPage> {
  const position = await positionOf(ports, feed, query.after);
  if (!position) return { kind: "cursor-unknown", oldest: await oldestOf(ports, feed) };
  const { number, isFixed } = position;
  const first = await feed.read(number, STRIDE);
  // Numbers have no gaps, so a gap means that what lay between has expired.
  if (isFixed && first[0] && first[0].number > number + 1) {
    return { kind: "cursor-expired", oldest: await oldestOf(ports, feed) };
  }
  const { events, number: reached } = await collect(ports, feed, query, { number, first });
  const isImmutable = isFixed && events.length >= query.size;
  return {
    kind: "page",
    events,
    next: ports.cursors.encode(feed.name, reached),
    reached,
    isImmutable,
  };
}
