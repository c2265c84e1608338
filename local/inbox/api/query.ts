/** What the JSON interface takes in its query. */
import { z } from "zod";
import type { HookFilter } from "../store/hooks.ts";
import type { MessageFilter } from "../store/messages.ts";

/** Proxies and clients rarely wait longer. */
const MAX_WAIT_IN_SECONDS = 60;

const waitSchema = z.coerce.number().min(0).max(MAX_WAIT_IN_SECONDS).default(0);
const limitSchema = z.coerce.number().int().min(1).max(1000).default(100);

const messageQuerySchema = z.object({
  to: z.string().optional(),
  q: z.string().optional(),
  channel: z.enum(["email", "sms", ""]).optional(),
  status: z.string().optional(),
  /** A message's number, or an instant. */
  since: z.union([z.string().regex(/^\d{1,15}$/), z.iso.datetime({ offset: true })]).optional(),
  limit: limitSchema,
  wait: waitSchema,
});

const hookQuerySchema = z.object({
  name: z.string().optional(),
  since: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: limitSchema,
  wait: waitSchema,
});

const toFilter = ({
  to,
  q,
  channel,
  status,
  since,
  limit,
}: z.output<typeof messageQuerySchema>): MessageFilter => ({
  to,
  search: q,
  channel: channel === "" ? undefined : channel,
  status,
  limit,
  ...(since !== undefined &&
    (/^\d+$/.test(since) ? { afterNumber: Number(since) } : { acceptedFrom: Date.parse(since) })),
});

/** @throws {z.ZodError} */
export function readMessageQuery(query: URLSearchParams): {
  readonly filter: MessageFilter;
  readonly waitInMs: number;
} {
  const parsed = messageQuerySchema.parse(Object.fromEntries(query));
  return { filter: toFilter(parsed), waitInMs: parsed.wait * 1000 };
}

/** @throws {z.ZodError} */
export function readHookQuery(query: URLSearchParams): {
  readonly filter: HookFilter;
  readonly waitInMs: number;
} {
  const { name, since, limit, wait } = hookQuerySchema.parse(Object.fromEntries(query));
  return {
    filter: { name, limit, afterNumber: since === undefined ? undefined : Number(since) },
    waitInMs: wait * 1000,
  };
}
