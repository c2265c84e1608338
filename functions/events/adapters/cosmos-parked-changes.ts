/** Changes that a projection could not digest, kept until somebody has looked at them. */
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { StoredEvent } from "../domain/stored-event.ts";

/** @returns keeps one change: for which projection, and why it could not digest it */
export const createCosmosParkedChanges = (
  documents: Documents,
): {
  park(projection: string, stored: StoredEvent, reason: string): Promise<void>;
} => ({
  park: (projection, { key, subject, traceparent }, reason) =>
    documents.upsert({ id: key, projection, subject, traceparent, reason }),
});
