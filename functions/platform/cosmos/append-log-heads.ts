/** Where each append-only log ends: one head document in each bucket, and a hint which bucket is the last. */
import type { Documents } from "./documents.ts";

/** The id of a head. It has `last` and no `number`, so that a query ordered by number passes it over. */
export const HEAD_ID = "~head";

/** The id of the hint, kept in bucket 0. */
const HINT_ID = "~last-bucket";

/** Most feeds whose end is remembered. */
const MAX_REMEMBERED = 10_000;

export interface Head {
  readonly bucket: number;
  /** Last number given; the number before the bucket's first when the bucket is empty. */
  readonly last: number;
  /** Absent for a bucket that has no head yet. */
  readonly etag?: string;
}

/** Which numbers a bucket holds. */
export interface Buckets {
  /** The bucket of a number; bucket 0 for 0, where an empty feed begins. */
  readonly bucketOf: (number: number) => number;
  /** The last number that fits into a bucket. */
  readonly lastNumberOf: (bucket: number) => number;
}

/** Buckets of a fixed size. The size is for ever: it tells where a stored entry is. */
export const bucketsOf = (size: number): Buckets => ({
  bucketOf: (number) => Math.max(0, Math.floor((number - 1) / size)),
  lastNumberOf: (bucket) => (bucket + 1) * size,
});

/** The head after that many more entries. */
export const advance = (head: Head, count: number): Head => ({
  bucket: head.bucket,
  last: head.last + count,
});

export interface Heads {
  /** The head that the next entry goes behind: never a full one. Remembered, so it may be out of date. */
  current(feed: string): Promise<Head>;
  /** Tells that a batch moved the head. */
  moved(feed: string, head: Head): Promise<void>;
  /** The remembered head was out of date. */
  forget(feed: string): void;
  /** The number of the feed's last entry, as stored now. */
  lastNumber(feed: string): Promise<number>;
}

export function createHeads(documents: Documents, buckets: Buckets): Heads {
  const remembered = new Map<string, Head>();

  const isFull = (head: Head): boolean => head.last >= buckets.lastNumberOf(head.bucket);

  const remember = (feed: string, head: Head): void => {
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(feed, head);
  };

  const readHead = async (feed: string, bucket: number): Promise<Head | undefined> => {
    const found = await documents.read<{ last: number }>([feed, bucket], HEAD_ID);
    return found && { bucket, last: found.document.last, etag: found.etag };
  };

  const hintedBucket = async (feed: string): Promise<number> => {
    const found = await documents.read<{ current: number }>([feed, 0], HINT_ID);
    return found?.document.current ?? 0;
  };

  /** The hint may lag behind: follow full buckets to the end. */
  const readLast = async (feed: string, from: number): Promise<Head> => {
    for (let bucket = from; ; bucket++) {
      const head = await readHead(feed, bucket);
      if (!head) return { bucket, last: buckets.lastNumberOf(bucket - 1) };
      if (!isFull(head)) return head;
    }
  };

  return {
    async current(feed) {
      const known = remembered.get(feed);
      if (known) return known;
      const head = await readLast(feed, await hintedBucket(feed));
      remember(feed, head);
      return head;
    },
    async moved(feed, head) {
      if (!isFull(head)) {
        remember(feed, head);
        return;
      }
      remember(feed, { bucket: head.bucket + 1, last: head.last });
      await documents.upsert({ id: HINT_ID, feed, bucket: 0, current: head.bucket + 1, ttl: -1 });
    },
    forget(feed) {
      remembered.delete(feed);
    },
    async lastNumber(feed) {
      const from = remembered.get(feed)?.bucket ?? (await hintedBucket(feed));
      const head = await readLast(feed, from);
      if (!remembered.has(feed)) remember(feed, head);
      return head.last;
    },
  };
}
