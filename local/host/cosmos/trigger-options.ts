/** The options of a Cosmos DB trigger, with Azure's defaults. */
import { z } from "zod";

const inMs = z.int().positive();

const triggerSchema = z.object({
  connection: z.string(),
  databaseName: z.string(),
  containerName: z.string(),
  leaseConnection: z.string().optional(),
  leaseDatabaseName: z.string().optional(),
  leaseContainerName: z.string().default("leases"),
  leaseContainerPrefix: z.string().default(""),
  createLeaseContainerIfNotExists: z.boolean().default(false),
  startFromBeginning: z.boolean().default(false),
  startFromTime: z.iso.datetime({ offset: true }).optional(),
  maxItemsPerInvocation: z.int().positive().default(100),
  feedPollDelay: inMs.default(5000),
  leaseAcquireInterval: inMs.default(13_000),
  leaseRenewInterval: inMs.default(17_000),
  leaseExpirationInterval: inMs.default(60_000),
  changeFeedMode: z
    .literal("LatestVersion", "Only LatestVersion is supported by the local emulator")
    .optional(),
});

export type CosmosTriggerOptions = z.output<typeof triggerSchema>;

/** @throws {Error} with everything that cannot be honoured */
export function readTriggerOptions(options: unknown): CosmosTriggerOptions {
  const parsed = triggerSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
}
