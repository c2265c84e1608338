/** What is needed to prove that nothing was lost between accepting an event and telling of it. */
import type { StoredEvent } from "./stored-event.ts";

/** How far the proof has come. */
export interface ReconciliationState {
  /** Everything stored up to here is accounted for; RFC 3339 with seven digits. */
  readonly upTo: string;
  /** The stretch that is being looked at, and where in it. */
  readonly stretch?: { readonly to: string; readonly continuation: string };
}

/** A projection of one stored event that was set aside. */
export interface ParkedChange {
  readonly projection: string;
  readonly subject: string;
  readonly key: string;
  /** Epoch ms. */
  readonly parkedAt: number;
}

/** Looks at everything that was stored, and at everything that was set aside. */
export interface Reconciliation {
  /** @returns `undefined` before the first run */
  load(): Promise<ReconciliationState | undefined>;
  save(state: ReconciliationState): Promise<void>;
  /** Some of the events that were stored after `from` and not after `to`, in any order. */
  storedBetween(
    from: string,
    to: string,
    continuation: string | undefined,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly continuation?: string }>;
  /** Which of these events a feed lacks. */
  missingFrom(feed: string, keys: readonly string[]): Promise<ReadonlySet<string>>;
  parked(): Promise<readonly ParkedChange[]>;
  isParked(projection: string, key: string): Promise<boolean>;
  /** It was digested after all, or there is nothing left to digest. Safe to repeat. */
  unpark(change: Pick<ParkedChange, "projection" | "key">): Promise<void>;
}
