/** What travels on the queues of this context. */
import { z } from "zod";

export const pushMessageSchema = z.object({
  subscriptionId: z.number().int().positive(),
  /** Under which the event is stored. */
  subject: z.string().min(1),
  key: z.string().min(1),
  /** The replay that asks for it; empty for the first time. */
  round: z.string().default(""),
});

export const unitFanOutMessageSchema = z.object({
  /** Under which the event is stored. */
  subject: z.string().min(1),
  key: z.string().min(1),
});

export const replayMessageSchema = z.object({
  subscriptionId: z.number().int().positive(),
  states: z.array(z.enum(["pending", "held", "dead-lettered"])).min(1),
  /** When the events were stored; RFC 3339. */
  from: z.string(),
  to: z.string(),
  round: z.string().min(1),
  choice: z.enum(["all", "latest", "skip"]),
  page: z.number().int().positive(),
});

export const validationMessageSchema = z.object({
  subscriptionId: z.number().int().positive(),
});
