/** Faults on demand: the next calls of a kind meet an outcome, whoever their recipients are. */
import { z } from "zod";
import { normalizeAddress } from "../store/messages.ts";
import type { CallOperation } from "../store/calls.ts";
import { outcomeNames, type OutcomeName } from "./table.ts";

export const faultSchema = z.strictObject({
  /** Which calls; of either SMS provider. */
  on: z.enum(["email-send", "email-status", "sms-send"]),
  outcome: z.enum(outcomeNames as [OutcomeName, ...OutcomeName[]]),
  /** How many calls. */
  count: z.int().min(1).max(1_000_000).default(1),
  /** Only calls with this recipient. */
  recipient: z.string().optional(),
  /** Another status than the outcome's own. */
  status: z.int().min(400).max(599).optional(),
  retryAfterInSeconds: z.int().min(0).max(86_400).optional(),
  /** How slow is slow, and how late is late. */
  delayInMs: z.int().min(0).max(86_400_000).optional(),
});

export type FaultInput = z.input<typeof faultSchema>;

/** `count` is how many calls it has left. */
export type Fault = z.output<typeof faultSchema>;

export interface Faults {
  /** @throws {z.ZodError} */
  add(fault: FaultInput): void;
  clear(): void;
  /** Those that have calls left, oldest first. */
  list(): readonly Fault[];
}

export interface FaultSource extends Faults {
  /** Uses up one call of the first fault that fits. */
  take(operation: CallOperation, recipients: readonly string[]): Fault | undefined;
}

export function createFaults(): FaultSource {
  let armed: readonly Fault[] = [];
  return {
    add(fault) {
      armed = [...armed, faultSchema.parse(fault)];
    },
    clear() {
      armed = [];
    },
    list: () => armed,
    take(operation, recipients) {
      const fits = ({ on, recipient }: Fault): boolean =>
        on === operation &&
        (recipient === undefined ||
          recipients.some((one) => normalizeAddress(one) === normalizeAddress(recipient)));
      const fault = armed.find(fits);
      if (!fault) return undefined;
      armed = armed
        .map((one) => (one === fault ? { ...one, count: one.count - 1 } : one))
        .filter(({ count }) => count > 0);
      return fault;
    },
  };
}
