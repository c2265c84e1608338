/** What travels on the queues of this context: ids only, never an address. */
import { z } from "zod";

export const orderDueMessageSchema = z.object({ orderId: z.uuid() });

export const notificationDueMessageSchema = z.object({
  orderId: z.uuid(),
  notificationId: z.uuid(),
});

export const emailCheckMessageSchema = z.object({
  orderId: z.uuid(),
  notificationId: z.uuid(),
  /** Of the send attempt that is asked about. */
  attempt: z.number().int().positive(),
});

export const callbackMessageSchema = z.object({ orderId: z.uuid() });

export const reportMessageSchema = z.object({
  provider: z.enum(["acs-email", "link-mobility", "acs-sms"]),
  reference: z.string().min(1),
  status: z.string().min(1),
  /** Milliseconds since the epoch. */
  at: z.number(),
  detail: z.string().optional(),
});
