/** Many documents of one logical partition, written in as few requests as the limits of a batch allow. */
import type { OperationInput, PartitionKey } from "@azure/cosmos";
import type { Documents } from "./documents.ts";

/** Of one batch, as Cosmos DB has them: 100 operations, and 2 MB, of which some is for what is around the documents. */
const MAX_OPERATIONS = 100;
const MAX_BYTES = 1_800_000;

/** A document that is too large for any batch is in one of its own, so that it alone is refused. */
function* batchesOf<Document extends object>(
  them: readonly Document[],
): Generator<readonly Document[]> {
  let batch: Document[] = [];
  let bytes = 0;
  for (const document of them) {
    const itsBytes = Buffer.byteLength(JSON.stringify(document));
    if (batch.length === MAX_OPERATIONS || (batch.length > 0 && bytes + itsBytes > MAX_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(document);
    bytes += itsBytes;
  }
  if (batch.length > 0) yield batch;
}

const toOperation = (document: object): OperationInput =>
  ({ operationType: "Upsert", resourceBody: document }) as unknown as OperationInput;

/**
 * Safe to repeat, and to be repeated when it fails: each batch is written as a whole or not at all.
 *
 * @throws {Error} one of them is refused; those of its batch and of later ones are not written
 */
export async function upsertTogether(
  documents: Documents,
  partition: PartitionKey,
  them: readonly object[],
): Promise<void> {
  for (const batch of batchesOf(them)) {
    const outcome = await documents.batch(partition, batch.map(toOperation));
    if (outcome.kind === "refused") {
      throw new Error(`The database refuses a batch of upserts: ${outcome.statuses.join(" ")}`);
    }
  }
}
