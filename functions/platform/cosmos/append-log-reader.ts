/** Reading an append-only log; see `append-log.ts`. */
import type { SqlQuerySpec } from "@azure/cosmos";
import type { AppendLog, NumberedEntry } from "./append-log.ts";
import { type EntryDocument, numbersOf, toEntryId } from "./append-log-entries.ts";
import type { Buckets, Heads } from "./append-log-heads.ts";
import type { Documents } from "./documents.ts";

const IN_BUCKET = "SELECT * FROM c WHERE c.feed = @feed AND c.bucket = @bucket";

const queryOf = (
  feed: string,
  bucket: number,
  condition: string,
  number: number,
): SqlQuerySpec => ({
  query: `${IN_BUCKET} AND ${condition}`,
  parameters: [
    { name: "@feed", value: feed },
    { name: "@bucket", value: bucket },
    { name: "@number", value: number },
  ],
});

const upwards = "c.number > @number ORDER BY c.number";
const downwards = "c.number <= @number ORDER BY c.number DESC";

const toEntry = <Payload>({ id, number, payload }: EntryDocument): NumberedEntry<Payload> => ({
  id: toEntryId(id),
  number,
  payload: payload as Payload,
});

/** A page of the database may end early: it is the continuation that says whether there is more. */
const readerOfBuckets =
  (documents: Documents) =>
  async <Payload>(
    feed: string,
    bucket: number,
    query: SqlQuerySpec,
    limit: number,
  ): Promise<NumberedEntry<Payload>[]> => {
    const found: NumberedEntry<Payload>[] = [];
    let continuation: string | undefined;
    do {
      const page = await documents.page<EntryDocument>([feed, bucket], query, {
        limit: limit - found.length,
        ...(continuation !== undefined && { continuation }),
      });
      found.push(...page.documents.map((document) => toEntry<Payload>(document)));
      continuation = page.continuation;
    } while (continuation !== undefined && found.length < limit);
    return found;
  };

export function createReader(
  documents: Documents,
  heads: Heads,
  { bucketOf }: Buckets,
): Pick<AppendLog, "read" | "readBack" | "find"> {
  const readBucket = readerOfBuckets(documents);

  return {
    async read<Payload>(feed: string, after: number, limit: number) {
      const last = await heads.lastNumber(feed);
      const found: NumberedEntry<Payload>[] = [];
      if (last <= after) return found;
      const lastBucket = bucketOf(last);
      for (let bucket = bucketOf(after + 1); bucket <= lastBucket; bucket++) {
        const query = queryOf(feed, bucket, upwards, after);
        found.push(...(await readBucket<Payload>(feed, bucket, query, limit - found.length)));
        if (found.length >= limit) break;
      }
      return found;
    },

    async readBack<Payload>(feed: string, before: number, limit: number) {
      const first = Math.min(await heads.lastNumber(feed), before - 1);
      const found: NumberedEntry<Payload>[] = [];
      if (first < 1) return found;
      for (let bucket = bucketOf(first); bucket >= 0; bucket--) {
        const query = queryOf(feed, bucket, downwards, first);
        const some = await readBucket<Payload>(feed, bucket, query, limit - found.length);
        found.push(...some);
        // Entries expire in their order: below a bucket without any there are none.
        if (found.length >= limit || some.length === 0) break;
      }
      return found;
    },

    find: async (feed, id) => (await numbersOf(documents, feed, undefined, [id])).get(id),
  };
}
