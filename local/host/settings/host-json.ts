/** The settings of `host.json` that the local host honours, with Azure's defaults. */
import { availableParallelism } from "node:os";
import { z } from "zod";
import type { RetryOptions } from "../app/functions-core.ts";
import { parseTimeSpan } from "./time-span.ts";

const timeSpan = z.string().transform((text, context) => {
  const inMs = parseTimeSpan(text);
  if (inMs !== undefined) return inMs;
  context.addIssue(`"${text}" is no TimeSpan (hh:mm:ss)`);
  return z.NEVER;
});

/** "-1" is without end. */
const timeout = z.union([z.literal("-1").transform(() => Infinity), timeSpan]);

const unbounded = -1;
const limit = z
  .int()
  .min(unbounded)
  .transform((count) => (count === unbounded ? Infinity : count));

const httpSchema = z.object({
  routePrefix: z.string().default("api"),
  maxConcurrentRequests: limit.prefault(unbounded),
  maxOutstandingRequests: limit.prefault(unbounded),
});

/** The default is 16 for each core. */
const defaultConcurrency = 16 * availableParallelism();

const serviceBusSchema = z.object({
  maxConcurrentCalls: z.int().min(1).default(defaultConcurrency),
  prefetchCount: z.literal(0, "prefetchCount is not supported by the local emulator").default(0),
  autoCompleteMessages: z.boolean().default(true),
  maxAutoLockRenewalDuration: timeSpan.prefault("00:05:00"),
});

const toSeconds = (inMs: number): { readonly seconds: number } => ({ seconds: inMs / 1000 });

const fixedDelay = z
  .object({
    strategy: z.literal("fixedDelay"),
    maxRetryCount: z.int().min(-1),
    delayInterval: timeSpan,
  })
  .transform(({ strategy, maxRetryCount, delayInterval }): RetryOptions => ({
    retryStrategy: strategy,
    maxRetryCount,
    delayInterval: toSeconds(delayInterval),
  }));

const exponentialBackoff = z
  .object({
    strategy: z.literal("exponentialBackoff"),
    maxRetryCount: z.int().min(-1),
    minimumInterval: timeSpan,
    maximumInterval: timeSpan,
  })
  .transform(({ strategy, maxRetryCount, minimumInterval, maximumInterval }): RetryOptions => ({
    retryStrategy: strategy,
    maxRetryCount,
    minimumInterval: toSeconds(minimumInterval),
    maximumInterval: toSeconds(maximumInterval),
  }));

const hostJsonSchema = z.object({
  version: z.literal("2.0"),
  functionTimeout: timeout.prefault("00:30:00"),
  extensions: z
    .object({ http: httpSchema.prefault({}), serviceBus: serviceBusSchema.prefault({}) })
    .prefault({}),
  retry: z.union([fixedDelay, exponentialBackoff]).optional(),
});

export interface HostSettings {
  /** `Infinity` is without end. */
  readonly functionTimeoutInMs: number;
  readonly http: z.output<typeof httpSchema>;
  readonly serviceBus: z.output<typeof serviceBusSchema>;
  /** For triggers that retry and have no policy of their own. */
  readonly retry?: RetryOptions;
}

/** @throws with every reason why the file cannot be honoured */
export function readHostJson(hostJson: unknown): HostSettings {
  const parsed = hostJsonSchema.safeParse(hostJson);
  if (!parsed.success) {
    throw new Error(`host.json cannot be honoured:\n${z.prettifyError(parsed.error)}`);
  }
  const { functionTimeout, extensions, retry } = parsed.data;
  const { http, serviceBus } = extensions;
  return { functionTimeoutInMs: functionTimeout, http, serviceBus, ...(retry && { retry }) };
}
