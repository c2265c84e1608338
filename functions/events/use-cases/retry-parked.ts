/** Tries again what a projection could not digest; says what has been waiting for long. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock, Logger } from "../../kernel/ports.ts";
import type { EventStore } from "../domain/ports.ts";
import type { ParkedChange, Reconciliation } from "../domain/reconciliation.ts";
import type { StoredEvent } from "../domain/stored-event.ts";

/** What retrying needs. */
export interface RetryParkedPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly events: EventStore;
  readonly reconciliation: Reconciliation;
}

/** Projection → how it digests one event. */
export type Projections = Readonly<Record<string, (stored: StoredEvent) => Promise<void>>>;

/** Whoever runs the service is told of what waits longer than this. */
const STALE_IN_MS = 24 * 3600_000;

/** Digests a parked change again; says whether there is nothing left to do about it. */
async function isSettled(
  ports: RetryParkedPorts,
  digest: (stored: StoredEvent) => Promise<void>,
  { subject, key, projection }: ParkedChange,
): Promise<boolean> {
  const stored = await ports.events.get(subject, key);
  if (!stored) return true; // too old to be kept, or erased
  try {
    await digest(stored);
    return true;
  } catch (error) {
    if (error instanceof RetryLater) throw error;
    ports.logger.warn({ projection, key }, "A parked change still cannot be digested");
    return false;
  }
}

/**
 * Tries parked changes again. Safe to repeat.
 *
 * @returns how many are left
 */
export async function retryParked(
  ports: RetryParkedPorts,
  projections: Projections,
): Promise<number> {
  const parked = await ports.reconciliation.parked();
  let left = 0;
  let stale = 0;
  for (const change of parked) {
    const digest = Object.hasOwn(projections, change.projection)
      ? projections[change.projection]
      : undefined;
    if (!digest) continue; // of another context
    if (await isSettled(ports, digest, change)) {
      await ports.reconciliation.unpark(change);
      continue;
    }
    left += 1;
    if (ports.clock.now() - change.parkedAt > STALE_IN_MS) stale += 1;
  }
  if (stale > 0) ports.logger.error({ left, stale }, "Parked changes have been waiting for long");
  return left;
}
