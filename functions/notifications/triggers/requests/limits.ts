/** How much one request may ask for (NO-D38). Generous: nobody who tells somebody something comes near. */
import { MAX_REMINDERS } from "../../domain/shipment-id.ts";

export const limits = {
  idempotencyIdLength: 500,
  sendersReferenceLength: 1000,
  subjectLength: 1000,
  emailBodyLength: 1_000_000,
  smsBodyLength: 10_000,
  recipientCount: 2000,
  reminderCount: MAX_REMINDERS,
  attachmentCount: 100,
  /** Everything of a request is stored at once, and one write takes two megabytes. */
  bodyInBytes: 1_500_000,
  /** How far ahead something may be ordered. */
  daysAhead: 5 * 366,
} as const;

export const DAY_IN_MS = 24 * 60 * 60 * 1000;
