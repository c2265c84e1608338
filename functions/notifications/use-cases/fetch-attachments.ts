/** Fetches what is attached to an e-mail, before any of the provider's budget is spent. */
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { Attachment } from "../domain/order.ts";
import type { Attachments, OutgoingEmail } from "../domain/provider-ports.ts";

/** A whole request may be 10 MB, attachments grow by a third on the way: so much of them fits. */
const MAX_ATTACHED_IN_BYTES = 7_300_000;

/** All attachments, or why the e-mail cannot be sent. */
export type FetchedAttachments =
  | { readonly kind: "fetched"; readonly attachments: OutgoingEmail["attachments"] }
  | { readonly kind: "rejected"; readonly status: DeliveryStatus };

/**
 * One after the other, so that memory holds no more than what is allowed.
 *
 * @throws {RetryLater} the storage does not answer
 */
export async function fetchAttachments(
  { attachments }: { readonly attachments: Attachments },
  wanted: readonly Attachment[],
): Promise<FetchedAttachments> {
  const fetched: OutgoingEmail["attachments"][number][] = [];
  let left = MAX_ATTACHED_IN_BYTES;
  for (const { filename, mimeType, sasUrl } of wanted) {
    const outcome = await attachments.fetch(sasUrl, left);
    if (outcome.kind === "refused") return { kind: "rejected", status: "Failed_InvalidSasUrl" };
    if (outcome.kind === "too-large") return { kind: "rejected", status: "Failed_PayloadTooLarge" };
    left -= outcome.content.byteLength;
    fetched.push({ filename, mimeType, content: outcome.content });
  }
  return { kind: "fetched", attachments: fetched };
}
