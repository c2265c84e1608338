/** Many documents of one logical partition, written in as few requests as the limits of a batch allow. */
import type { OperationInput, PartitionKey } from "@azure/cosmos";
import { unitsOf } from "../../kernel/group-commit.ts";
import type { Documents } from "./documents.ts";

/**
 * Of one batch, as Cosmos DB has them: 100 operations, and 2 MB, of which some is for what is around the documents. A
 * document that is too large for any batch is in one of its own, so that it alone is refused.
 */
const limits = {
  count: 100,
  size: 1_800_000,
  sizeOf: (document: object): number => Buffer.byteLength(JSON.stringify(document)),
};

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
  for (const batch of unitsOf(limits, them)) {
    const outcome = await documents.batch(partition, batch.map(toOperation));
    if (outcome.kind === "refused") {
      throw new Error(`The database refuses a batch of upserts: ${outcome.statuses.join(" ")}`);
    }
  }
}
