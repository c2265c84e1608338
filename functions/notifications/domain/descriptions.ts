/** What each status means, in the words of the reference (its typographic quirks included: they are contract). */
import type { EmailStatus, SmsStatus } from "./delivery-status.ts";
import type { OrderState } from "./order.ts";

/** @see contract appendix C.1 */
export const orderDescriptions: Readonly<Record<OrderState, string>> = {
  Registered: "Order has been registered and is awaiting requested send time before processing.",
  Processing: "Order processing is ongoing. Notifications are being generated.",
  Processed: "Order processing is done. Notifications have been successfully generated.",
  Completed: "Order processing is completed. All notifications have a final status.",
  SendConditionNotMet: "Order processing was stopped due to send condition not being met.",
  Cancelled: "Order processing was stopped due to order being cancelled.",
};

/** @see contract appendix C.2 */
export const emailDescriptions: Readonly<Record<EmailStatus, string>> = {
  New: "The email has been created, but has not been picked up for processing yet.",
  Sending: "The email is being processed and will be attempted sent shortly.",
  Succeeded:
    "The email has been accepted by the third party email service and will be sent shortly.",
  Delivered:
    "The email was delivered to the recipient. No errors reported, making it likely it was received by the recipient.",
  Failed: "The email was not sent due to an unspecified failure.",
  Failed_RecipientReserved:
    "The email was not sent because the recipient has reserved themselves from electronic communication.",
  Failed_RecipientNotIdentified:
    "The email was not sent because the recipient's email address was not found.",
  Failed_InvalidEmailFormat:
    "The email was not sent because the recipient’s email address is in an invalid format.",
  Failed_SupressedRecipient:
    "The email was not sent because the recipient’s email address is suppressed by the third party email service.",
  Failed_Bounced:
    "The email hard bounced, which may have happened because the email address does not exist or the domain is invalid.",
  Failed_FilteredSpam:
    "The email was identified as spam, and was rejected or blocked (not quarantined).",
  Failed_Quarantined: "The email was quarantined (as spam, bulk mail, or phising).",
  Failed_TTL:
    "The email was in indefinite state Succeeded for too long (TTL), and was subsequently set to failed.",
  Failed_InvalidSasUrl:
    "The email was not sent because one or more attachment SAS URLs are invalid, expired, or inaccessible.",
  Failed_PayloadTooLarge:
    "The email was not sent because the total size of the attachments exceeds the allowed limit.",
};

/** @see contract appendix C.3 */
export const smsDescriptions: Readonly<Record<SmsStatus, string>> = {
  New: "The SMS has been created, but has not been picked up for processing yet.",
  Sending: "The SMS is being processed and will be attempted sent shortly.",
  Accepted: "The SMS has been accepted by the gateway service and will be sent shortly.",
  Delivered: "The SMS was successfully delivered to its destination.",
  Failed: "The SMS was not delivered due to an unspecified failure.",
  Failed_InvalidRecipient:
    "The SMS was not delivered because the recipient's mobile number was invalid.",
  Failed_RecipientReserved:
    "The SMS was not sent because the recipient has reserved themselves from electronic communication.",
  Failed_BarredReceiver:
    "The SMS was not delivered because the recipient's number is barred, blocked or not in use.",
  Failed_Deleted: "The SMS was not delivered because the message has been deleted.",
  Failed_Expired: "The SMS was not delivered because it has expired.",
  Failed_Undelivered:
    "The SMS was not delivered due to invalid number or no available route to destination.",
  Failed_RecipientNotIdentified:
    "The SMS was not delivered because the recipient's mobile number was not found.",
  Failed_Rejected: "The SMS was not delivered because it was rejected.",
  Failed_TTL:
    "The SMS was in indefinite state Accepted for too long (TTL), and was subsequently set to failed.",
};
