/** Writes that hold only for the version that was read. */
import type { OperationInput } from "@azure/cosmos";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { Change } from "../domain/ports.ts";

interface Stored {
  readonly id: string;
  readonly subject: string;
}

export const createOperation = (document: Stored): OperationInput =>
  ({ operationType: "Create", resourceBody: document }) as unknown as OperationInput;

export const replaceOperation = (document: Stored, version: string): OperationInput =>
  ({
    operationType: "Replace",
    id: document.id,
    resourceBody: document,
    ifMatch: version,
  }) as unknown as OperationInput;

/** What a batch of replacements came to. */
export const toChange = (kind: "committed" | "refused"): Change =>
  kind === "committed" ? "changed" : "outdated";

/** Replaces documents of one partition together; what was written is versioned anew, in the given order. */
export async function replaceTogether(
  documents: Documents,
  changes: readonly { readonly document: Stored; readonly version: string }[],
): Promise<readonly string[] | "outdated"> {
  const [first] = changes;
  if (!first) return [];
  const outcome = await documents.batch(
    first.document.subject,
    changes.map(({ document, version }) => replaceOperation(document, version)),
  );
  return outcome.kind === "committed" ? outcome.etags : "outdated";
}
