/** The words of the providers' reports, whatever their letter case; a word that is not here is not guessed. */
import type { DeliveryStatus, EmailStatus, SmsStatus } from "./delivery-status.ts";

/**
 * Azure Communication Services, e-mail. `Expanded`: the recipient was a list, and the list took it.
 *
 * @see https://learn.microsoft.com/azure/event-grid/communication-services-email-events
 */
const emailWords: Readonly<Record<string, EmailStatus>> = {
  delivered: "Delivered",
  expanded: "Delivered",
  bounced: "Failed_Bounced",
  filteredspam: "Failed_FilteredSpam",
  quarantined: "Failed_Quarantined",
  suppressed: "Failed_SupressedRecipient",
  failed: "Failed",
};

/** LINK Mobility; `BARREDA` is an age limit, `ZEROBAL` an empty account of the receiver: neither comes through. */
const gatewayWords: Readonly<Record<string, SmsStatus>> = {
  delivrd: "Delivered",
  expired: "Failed_Expired",
  deleted: "Failed_Deleted",
  undeliv: "Failed_Undelivered",
  rejectd: "Failed_Rejected",
  barred: "Failed_BarredReceiver",
  barreda: "Failed_BarredReceiver",
  zerobal: "Failed_Undelivered",
  unknown: "Failed",
  failed: "Failed",
  null: "Failed",
};

const lookUp = (
  words: Readonly<Record<string, DeliveryStatus>>,
  word: string,
): DeliveryStatus | undefined => {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(words, key) ? words[key] : undefined;
};

/** What an e-mail report means; `undefined` for a word that is not known. */
export const emailStatusOf = (word: string): DeliveryStatus | undefined => lookUp(emailWords, word);

/** What a gateway's state means; `undefined` for a word that is not known. */
export const gatewayStatusOf = (word: string): DeliveryStatus | undefined =>
  lookUp(gatewayWords, word);

/** A carrier's reasons begin with 4 in Azure's codes: the number cannot be reached. */
const CARRIER_CODE = /\b4\d{3}\b/;

/** What an SMS report of Azure Communication Services means. */
export function acsSmsStatusOf(word: string, details: string): DeliveryStatus | undefined {
  switch (word.trim().toLowerCase()) {
    case "delivered":
      return "Delivered";
    case "failed":
      return CARRIER_CODE.test(details) ? "Failed_Undelivered" : "Failed";
    default:
      return undefined;
  }
}
