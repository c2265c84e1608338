/** What travels on the queues of this context. */
import { z } from "zod";

export const pushMessageSchema = z.object({
  subscriptionId: z.number().int().positive(),
  /** Under which the event is stored. */
  subject: z.string().min(1),
  key: z.string().min(1),
});

export const validationMessageSchema = z.object({
  subscriptionId: z.number().int().positive(),
});
