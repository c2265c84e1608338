/** How entries of an append-only log are stored, and which of some ids are there; see `append-log.ts`. */
import type { LogEntry } from "./append-log.ts";
import type { Documents } from "./documents.ts";

export interface EntryDocument {
  readonly id: string;
  readonly feed: string;
  readonly bucket: number;
  readonly number: number;
  readonly payload: unknown;
}

/** Entries are prefixed, so that none can have the id of a head. */
export const toDocumentId = (id: string): string => `e-${id}`;

export const toEntryId = (documentId: string): string => documentId.slice(2);

export const toDocument = (
  feed: string,
  bucket: number,
  number: number,
  entry: LogEntry<unknown>,
): EntryDocument => ({
  id: toDocumentId(entry.id),
  feed,
  bucket,
  number,
  payload: entry.payload,
});

/** The numbers of those ids that the feed has, looked for in one bucket or (bucket absent) in all. */
export async function numbersOf(
  documents: Documents,
  feed: string,
  bucket: number | undefined,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const names = ids.map((_, index) => `@id${index}`).join(", ");
  const inBucket = bucket === undefined ? "" : "AND c.bucket = @bucket ";
  const partition = bucket === undefined ? [feed] : [feed, bucket];
  const found = await documents.query<{ id: string; number: number }>(partition, {
    query: `SELECT c.id, c.number FROM c WHERE c.feed = @feed ${inBucket}AND c.id IN (${names})`,
    parameters: [
      { name: "@feed", value: feed },
      ...(bucket === undefined ? [] : [{ name: "@bucket", value: bucket }]),
      ...ids.map((id, index) => ({ name: `@id${index}`, value: toDocumentId(id) })),
    ],
  });
  return new Map(found.map(({ id, number }) => [toEntryId(id), number]));
}
