/**
 * Append-only logs in one container, keyed by `(feed, bucket)`: resource feeds, status feeds, a consumer's own feed.
 *
 * Numbers start at 1, have no gaps and are given in commit order, so a reader who has seen n has seen everything up
 * to n. A bucket holds a fixed run of numbers: no logical partition outgrows its limit, and a number tells its bucket.
 */
import { createAmender } from "./append-log-amender.ts";
import { bucketsOf, createHeads } from "./append-log-heads.ts";
import { createReader } from "./append-log-reader.ts";
import { createWriter } from "./append-log-writer.ts";
import type { Documents } from "./documents.ts";

export interface LogEntry<Payload> {
  /** What the entry is about; unique in the feed: appending it again does nothing. */
  readonly id: string;
  readonly payload: Payload;
}

export interface NumberedEntry<Payload> extends LogEntry<Payload> {
  readonly number: number;
}

/** What an entry is to say, and how long it is kept from then on: no longer than it would have been. */
export interface Amended<Payload> {
  readonly payload: Payload;
  readonly ttlInSeconds: number;
}

export interface AppendLog {
  /**
   * Appends what is not yet there, in the given order; ids are unique within one call. Safe to repeat.
   *
   * @returns how many were new
   */
  append(feed: string, entries: readonly LogEntry<unknown>[]): Promise<number>;
  /** Entries after a number, ascending, at most `limit`. Empty when there is nothing more yet. */
  read<Payload>(
    feed: string,
    after: number,
    limit: number,
  ): Promise<readonly NumberedEntry<Payload>[]>;
  /** Entries before a number, descending, at most `limit`: from the end on with `Infinity`. */
  readBack<Payload>(
    feed: string,
    before: number,
    limit: number,
  ): Promise<readonly NumberedEntry<Payload>[]>;
  /** The number of the last entry; 0 for a feed without any. One point read when the feed is at rest. */
  lastNumber(feed: string): Promise<number>;
  /**
   * Changes what an entry says; its number stays. Does nothing when it is not there.
   *
   * @param change pure: it is run again when somebody else was faster
   */
  amend<Payload>(
    feed: string,
    id: string,
    change: (payload: Payload) => Amended<Payload>,
  ): Promise<void>;
  /** The number of an entry, if the feed still has it. */
  find(feed: string, id: string): Promise<number | undefined>;
}

/** At 4 KB an entry a full bucket is 200 MB, a hundredth of what a logical partition may hold. */
const NUMBERS_PER_BUCKET = 50_000;

/**
 * @param documents of a container partitioned by `/feed`, `/bucket`
 * @param numbersPerBucket must never change for a container that has entries
 */
export function createAppendLog(
  documents: Documents,
  numbersPerBucket: number = NUMBERS_PER_BUCKET,
): AppendLog {
  const buckets = bucketsOf(numbersPerBucket);
  const heads = createHeads(documents, buckets);
  return {
    ...createReader(documents, heads, buckets),
    append: createWriter(documents, heads, buckets),
    amend: createAmender(documents, buckets),
    lastNumber: (feed) => heads.lastNumber(feed),
  };
}
