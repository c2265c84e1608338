/** Changing what an entry of an append-only log says, when something in it must be forgotten; see `append-log.ts`. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Amended, AppendLog } from "./append-log.ts";
import { type EntryDocument, numbersOf, toDocumentId } from "./append-log-entries.ts";
import type { Buckets } from "./append-log-heads.ts";
import type { Documents } from "./documents.ts";

/** Others who amend the same entry at the same time. */
const MAX_RACES = 10;

export const createAmender =
  (documents: Documents, { bucketOf }: Buckets): AppendLog["amend"] =>
  async <Payload>(feed: string, id: string, change: (payload: Payload) => Amended<Payload>) => {
    const number = (await numbersOf(documents, feed, undefined, [id])).get(id);
    if (number === undefined) return;
    const partition = [feed, bucketOf(number)];
    for (let races = 0; races < MAX_RACES; races++) {
      const found = await documents.read<EntryDocument>(partition, toDocumentId(id));
      if (!found) return;
      const { document, etag } = found;
      const { payload, ttlInSeconds: ttl } = change(document.payload as Payload);
      const next = { ...document, payload, ttl };
      const outcome = await documents.replace(partition, document.id, next, etag);
      if (outcome !== "changed") return;
    }
    throw new RetryLater(2, "Many change the same entry at the same time");
  };
