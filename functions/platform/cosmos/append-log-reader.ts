/** Reading an append-only log; see `append-log.ts`. */
import type { AppendLog, NumberedEntry } from "./append-log.ts";
import { type EntryDocument, numbersOf, toEntryId } from "./append-log-entries.ts";
import type { Buckets, Heads } from "./append-log-heads.ts";
import type { Documents } from "./documents.ts";

const pageQuery = (feed: string, bucket: number, after: number) => ({
  query:
    "SELECT * FROM c WHERE c.feed = @feed AND c.bucket = @bucket AND c.number > @after ORDER BY c.number",
  parameters: [
    { name: "@feed", value: feed },
    { name: "@bucket", value: bucket },
    { name: "@after", value: after },
  ],
});

export function createReader(
  documents: Documents,
  heads: Heads,
  { bucketOf }: Buckets,
): Pick<AppendLog, "read" | "find"> {
  return {
    async read<Payload>(feed: string, after: number, limit: number) {
      const last = await heads.lastNumber(feed);
      const found: NumberedEntry<Payload>[] = [];
      if (last <= after) return found;
      const lastBucket = bucketOf(last);
      for (let bucket = bucketOf(after + 1); bucket <= lastBucket; bucket++) {
        const page = await documents.page<EntryDocument>(
          [feed, bucket],
          pageQuery(feed, bucket, after),
          { limit: limit - found.length },
        );
        for (const { id, number, payload } of page.documents) {
          found.push({ id: toEntryId(id), number, payload: payload as Payload });
        }
        if (found.length >= limit) break;
      }
      return found;
    },
    find: async (feed, id) => (await numbersOf(documents, feed, undefined, [id])).get(id),
  };
}
