/**
 * How far a notification has come, as a lattice: whatever order reports arrive in, and however often, the end is the
 * same. Nothing moves down; a provider's word outranks our own expiry; of two final words the later one holds.
 */
import type { Channel } from "./order.ts";

const emailStatuses = [
  "New",
  "Sending",
  "Succeeded",
  "Delivered",
  "Failed",
  "Failed_RecipientReserved",
  "Failed_RecipientNotIdentified",
  "Failed_InvalidEmailFormat",
  "Failed_SupressedRecipient",
  "Failed_Bounced",
  "Failed_FilteredSpam",
  "Failed_Quarantined",
  "Failed_TTL",
  "Failed_InvalidSasUrl",
  "Failed_PayloadTooLarge",
] as const;

const smsStatuses = [
  "New",
  "Sending",
  "Accepted",
  "Delivered",
  "Failed",
  "Failed_InvalidRecipient",
  "Failed_RecipientReserved",
  "Failed_RecipientNotIdentified",
  "Failed_BarredReceiver",
  "Failed_Deleted",
  "Failed_Expired",
  "Failed_Undelivered",
  "Failed_Rejected",
  "Failed_TTL",
] as const;

/** In the words of the reference (the misspelling included: it is contract). */
export type EmailStatus = (typeof emailStatuses)[number];

/** In the words of the reference. */
export type SmsStatus = (typeof smsStatuses)[number];

/** All there are, of both channels. */
export const deliveryStatuses = [...new Set([...emailStatuses, ...smsStatuses])] as const;

/** Status of a notification of either channel. */
export type DeliveryStatus = EmailStatus | SmsStatus;

/** Something that says how far a notification is, and when that was so. */
export interface Evidence {
  readonly status: DeliveryStatus;
  /** Milliseconds since the epoch: the provider's time where it gives one. */
  readonly at: number;
}

const EXPIRED = 3;
const FINAL = 4;

const ranks: Partial<Record<DeliveryStatus, number>> = {
  New: 0,
  Sending: 1,
  Succeeded: 2,
  Accepted: 2,
  Failed_TTL: EXPIRED,
};

const rankOf = (status: DeliveryStatus): number => ranks[status] ?? FINAL;

/** Nothing more is waited for. A later word of the provider may still correct it. */
export const isFinal = (status: DeliveryStatus): boolean => rankOf(status) >= EXPIRED;

const compare = (a: Evidence, b: Evidence): number => {
  const byRank = rankOf(a.status) - rankOf(b.status);
  if (byRank !== 0) return byRank;
  if (a.at !== b.at) return a.at - b.at;
  if (a.status === b.status) return 0;
  // Gateways count in seconds: a failure and a delivery in the same one were a failed try and a good one.
  if (a.status === "Delivered" || b.status === "Delivered")
    return a.status === "Delivered" ? 1 : -1;
  return a.status < b.status ? -1 : 1;
};

/** The higher of two; commutative, associative and idempotent. */
export const merge = (current: Evidence, next: Evidence): Evidence =>
  compare(next, current) > 0 ? next : current;

/** What counts as having reached the recipient or, until the last word, as being on its way. */
export const isSuccess = (channel: Channel, status: DeliveryStatus): boolean =>
  status === "Delivered" || status === (channel === "email" ? "Succeeded" : "Accepted");
