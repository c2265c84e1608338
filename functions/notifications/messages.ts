/** What travels on the queues of this context: ids only, never an address. */
import { z } from "zod";
import { deliveryStatuses } from "./domain/delivery-status.ts";

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

const deliveryStatusSchema = z.enum(deliveryStatuses);

export const reportMessageSchema = z
  .object({
    provider: z.enum(["acs-email", "link-mobility", "acs-sms"]),
    reference: z.string(),
    status: deliveryStatusSchema.optional(),
    /** Milliseconds since the epoch. */
    at: z.number(),
    detail: z.string().optional(),
  })
  .transform(({ status, detail, ...rest }) => ({
    ...rest,
    ...(status !== undefined && { status }),
    ...(detail !== undefined && { detail }),
  }));
