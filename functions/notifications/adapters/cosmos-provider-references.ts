/** From a provider's reference to the notification: one small document a call. */
import { derivedKey } from "../../kernel/derived-id.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import type { ProviderReferences, ReferencedNotification } from "../domain/provider-ports.ts";

interface ReferenceDocument extends ReferencedNotification {
  readonly id: string;
}

/** A gateway may use any character in its references. */
const idOf = (provider: string, reference: string): string => derivedKey(provider, reference);

export const createCosmosProviderReferences = (documents: Documents): ProviderReferences => ({
  async put(provider, reference, { orderId, notificationId }) {
    const id = idOf(provider, reference);
    await documents.upsert({ id, orderId, notificationId } satisfies ReferenceDocument);
  },
  async find(provider, reference) {
    const id = idOf(provider, reference);
    const found = await documents.read<ReferenceDocument>(id, id);
    if (!found) return undefined;
    const { orderId, notificationId } = found.document;
    return { orderId, notificationId };
  },
});
