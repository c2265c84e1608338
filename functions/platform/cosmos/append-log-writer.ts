/** Appending to an append-only log; see `append-log.ts`. */
import type { OperationInput } from "@azure/cosmos";
import { createSerializer } from "../serializer.ts";
import type { AppendLog, LogEntry } from "./append-log.ts";
import { numbersOf, toDocument } from "./append-log-entries.ts";
import { advance, type Buckets, type Head, HEAD_ID, type Heads } from "./append-log-heads.ts";
import type { Documents } from "./documents.ts";

/** A batch has at most 100 operations, one of which moves the head. */
const MAX_ENTRIES_PER_BATCH = 99;

type Entries = readonly LogEntry<unknown>[];

interface Step {
  readonly appended: number;
  /** What is still to be appended. */
  readonly rest: Entries;
}

const toHeadOperation = (feed: string, from: Head, to: Head): OperationInput => {
  const resourceBody = { id: HEAD_ID, feed, bucket: to.bucket, last: to.last, ttl: -1 };
  return from.etag === undefined
    ? { operationType: "Create", resourceBody }
    : { operationType: "Replace", id: HEAD_ID, ifMatch: from.etag, resourceBody };
};

const toOperations = (feed: string, from: Head, to: Head, entries: Entries): OperationInput[] => [
  toHeadOperation(feed, from, to),
  ...entries.map((entry, index): OperationInput => {
    const document = toDocument(feed, from.bucket, from.last + 1 + index, entry);
    return { operationType: "Create", resourceBody: { ...document } as never };
  }),
];

export function createWriter(
  documents: Documents,
  heads: Heads,
  { lastNumberOf }: Buckets,
): AppendLog["append"] {
  const serialize = createSerializer();

  const without = async (
    feed: string,
    bucket: number | undefined,
    entries: Entries,
  ): Promise<Entries> => {
    const ids = entries.map(({ id }) => id);
    const known = await numbersOf(documents, feed, bucket, ids);
    return entries.filter(({ id }) => !known.has(id));
  };

  const commit = async (feed: string, head: Head, batch: Entries): Promise<Step> => {
    const moved = advance(head, batch.length);
    const operations = toOperations(feed, head, moved, batch);
    const outcome = await documents.batch([feed, head.bucket], operations);
    if (outcome.kind === "committed") {
      await heads.moved(feed, { ...moved, etag: outcome.etags[0] ?? "" });
      return { appended: batch.length, rest: [] };
    }
    // Somebody else was first, or an earlier attempt of ours was committed without our knowing.
    heads.forget(feed);
    const hasKnown = outcome.statuses.slice(1).includes(409);
    return { appended: 0, rest: hasKnown ? await without(feed, head.bucket, batch) : batch };
  };

  const appendSome = async (feed: string, entries: Entries): Promise<Step> => {
    const head = await heads.current(feed);
    const next = entries.slice(0, MAX_ENTRIES_PER_BATCH);
    // Earlier buckets are full and never change, so one look after reading the head is enough; what is in the head's
    // own bucket the batch finds out.
    const fresh = head.bucket === 0 ? next : await without(feed, undefined, next);
    const batch = fresh.slice(0, lastNumberOf(head.bucket) - head.last);
    const later = [...fresh.slice(batch.length), ...entries.slice(next.length)];
    if (batch.length === 0) return { appended: 0, rest: later };
    const step = await commit(feed, head, batch);
    return { appended: step.appended, rest: [...step.rest, ...later] };
  };

  return (feed, entries) =>
    serialize(feed, async () => {
      let appended = 0;
      let rest = entries;
      while (rest.length > 0) {
        const step = await appendSome(feed, rest);
        appended += step.appended;
        rest = step.rest;
      }
      return appended;
    });
}
