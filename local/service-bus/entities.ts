/** The queues, in the shape of the official emulator's `config.json`, and what the broker makes of it. */
import { z } from "zod";
import type { QueueSettings } from "./broker/settings.ts";
import { parseDuration } from "./iso-duration.ts";

/** A queue of `infra/topology.json`; its members are the properties of the Bicep resource. */
export interface TopologyQueue {
  readonly name: string;
  readonly lockDuration?: string;
  readonly maxDeliveryCount?: number;
  readonly defaultMessageTimeToLive?: string;
  readonly deadLetteringOnMessageExpiration?: boolean;
  readonly requiresDuplicateDetection?: boolean;
  readonly duplicateDetectionHistoryTimeWindow?: string;
}

const duration = z.string().transform((text, context) => {
  const inMs = parseDuration(text);
  if (inMs !== undefined) return inMs;
  context.addIssue(`"${text}" is not an ISO 8601 duration`);
  return z.NEVER;
});

const refused = "is not supported by the local emulator";

/** Longest lock and longest window that Azure allows. */
const MAX_LOCK_IN_MS = 5 * 60_000;
const MAX_WINDOW_IN_MS = 7 * 86_400_000;

const propertiesSchema = z.strictObject({
  LockDuration: duration.pipe(z.number().positive().max(MAX_LOCK_IN_MS)).prefault("PT1M"),
  MaxDeliveryCount: z.int().min(1).max(2000).default(10),
  DefaultMessageTimeToLive: duration.optional(),
  DeadLetteringOnMessageExpiration: z.boolean().default(false),
  RequiresDuplicateDetection: z.boolean().default(false),
  DuplicateDetectionHistoryTimeWindow: duration
    .pipe(z.number().positive().max(MAX_WINDOW_IN_MS))
    .prefault("PT10M"),
  RequiresSession: z.literal(false, `A queue with sessions ${refused}`).optional(),
  ForwardTo: z.literal("", `Forwarding ${refused}`).optional(),
  ForwardDeadLetteredMessagesTo: z.literal("", `Forwarding ${refused}`).optional(),
});

const queueSchema = z.strictObject({
  Name: z.string().regex(/^[A-Za-z0-9](?:[\w./~-]{0,258}[A-Za-z0-9_])?$/, "is no name of a queue"),
  Properties: propertiesSchema.prefault({}),
});

const namespaceSchema = z.strictObject({
  Name: z.string(),
  Queues: z.array(queueSchema).default([]),
  Topics: z.array(z.unknown()).max(0, `A topic ${refused}`).optional(),
});

const configSchema = z.object({
  UserConfig: z.object({ Namespaces: z.tuple([namespaceSchema]) }),
});

/** The official emulator's configuration file. */
export type EntitiesConfig = z.input<typeof configSchema>;

/** The emulator's configuration for the queues of the topology. */
export function toEmulatorConfig(queues: Readonly<Record<string, TopologyQueue>>): EntitiesConfig {
  const toQueue = ({ name, ...properties }: TopologyQueue) => ({
    Name: name,
    Properties: Object.fromEntries(
      Object.entries(properties).map(([key, value]) => [
        key.charAt(0).toUpperCase() + key.slice(1),
        value,
      ]),
    ),
  });
  const Queues = Object.values(queues).map(toQueue);
  return { UserConfig: { Namespaces: [{ Name: "sbemulatorns", Queues }] } };
}

/** @throws with every reason why the emulator cannot serve this configuration */
export function toQueueSettings(config: EntitiesConfig): QueueSettings[] {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) {
    throw new Error(`The Service Bus entities cannot be served:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data.UserConfig.Namespaces[0].Queues.map(({ Name, Properties }) => ({
    name: Name,
    lockDurationInMs: Properties.LockDuration,
    maxDeliveryCount: Properties.MaxDeliveryCount,
    timeToLiveInMs: Properties.DefaultMessageTimeToLive ?? Infinity,
    isDeadLetteringExpired: Properties.DeadLetteringOnMessageExpiration,
    duplicateWindowInMs: Properties.RequiresDuplicateDetection
      ? Properties.DuplicateDetectionHistoryTimeWindow
      : 0,
  }));
}
