/** What can be changed while the inbox runs: how fast, how strict, how often. */
import { z } from "zod";

const countSchema = z.int().min(1).optional();
const delaySchema = z.int().min(0).max(86_400_000);

export const settingsSchema = z.strictObject({
  /** What a second call with the operation id of an accepted e-mail gets: not documented by Azure, so try each. */
  repeatedOperation: z.enum(["conflict", "bad-request", "replay"]),
  /** Calls per minute and hour; none by default. Azure's own: 30 and 100 for sending, 60 and 200 for status. */
  quotas: z.strictObject({
    emailSend: z.strictObject({ perMinute: countSchema, perHour: countSchema }),
    emailStatus: z.strictObject({ perMinute: countSchema, perHour: countSchema }),
    smsSend: z.strictObject({ perMinute: countSchema, perHour: countSchema }),
  }),
  /** An e-mail's operation has not started, then runs, then has ended. */
  operationStartsInMs: delaySchema,
  operationEndsInMs: delaySchema,
  /** How long after acceptance a report is sent. */
  reportInMs: delaySchema,
  /** What Azure advises between two questions about an operation. */
  retryAfterInSeconds: z.int().min(0).max(3600),
  reportSchema: z.enum(["event-grid", "cloud-events"]),
  /** Most messages in one report of LINK Mobility. */
  reportsPerCall: z.int().min(1).max(100),
  /** The waits of the redelivery schedules are multiplied by it. */
  retryFactor: z.number().min(0).max(10),
  /** How long a receiver may take to answer, by the machine's clock. */
  patienceInMs: z.int().min(1).max(600_000),
  /** After so many attempts Event Grid gives up. */
  maxDeliveryAttempts: z.int().min(1).max(30),
});

export type Settings = z.output<typeof settingsSchema>;

/** Any part of the settings. */
export const settingsChangeSchema = settingsSchema.partial();

export type SettingsChange = z.input<typeof settingsChangeSchema>;

export const defaultSettings: Settings = {
  repeatedOperation: "conflict",
  quotas: { emailSend: {}, emailStatus: {}, smsSend: {} },
  operationStartsInMs: 50,
  operationEndsInMs: 200,
  reportInMs: 400,
  retryAfterInSeconds: 10,
  reportSchema: "event-grid",
  reportsPerCall: 1,
  retryFactor: 1,
  patienceInMs: 30_000,
  maxDeliveryAttempts: 30,
};

export interface SettingsHolder {
  readonly current: Settings;
  /** @throws {z.ZodError} */
  readonly change: (change: SettingsChange) => void;
}

export function createSettings(initial: SettingsChange = {}): SettingsHolder {
  let current = defaultSettings;
  const change = (part: SettingsChange): void => {
    const parsed = settingsChangeSchema.parse(part);
    current = settingsSchema.parse({ ...current, ...parsed });
  };
  change(initial);
  return {
    get current() {
      return current;
    },
    change,
  };
}
