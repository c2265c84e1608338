/** How often a caller may call: a bucket of tokens for each, in each instance. It protects from one who does not stop, no more. */
import type { Clock } from "../../kernel/ports.ts";
import { type Caller, entityOf } from "../auth/caller.ts";

export interface RateLimiter {
  /** @returns 0 when the caller may go on, otherwise in how many seconds to try again */
  take(caller: Caller): number;
}

interface Bucket {
  tokens: number;
  /** Epoch ms. */
  filledAt: number;
}

/** A bucket holds what comes in within so long: short bursts are nobody's fault. */
const BURST_IN_SECONDS = 10;

/** More callers than ever are active at once in one instance; who was away longest has a full bucket again. */
const MAX_BUCKETS = 20_000;

/** All requests without a valid token are one caller. */
const keyOf = (caller: Caller): string => {
  const entity = entityOf(caller);
  if (entity !== undefined) return entity;
  const { platformApp } = caller;
  return platformApp ? `/app/${platformApp.issuer}/${platformApp.app}` : "";
};

/** @param perSecond of each caller; 0 is no limit */
export function createRateLimiter(perSecond: number, clock: Clock): RateLimiter {
  const capacity = perSecond * BURST_IN_SECONDS;
  const buckets = new Map<string, Bucket>();

  const bucketOf = (key: string, now: number): Bucket => {
    const { tokens, filledAt } = buckets.get(key) ?? { tokens: capacity, filledAt: now };
    const gained = (Math.max(0, now - filledAt) / 1000) * perSecond;
    const bucket = { tokens: Math.min(capacity, tokens + gained), filledAt: now };
    // Last used, last in the map.
    buckets.delete(key);
    buckets.set(key, bucket);
    const [idle] = buckets.keys();
    if (buckets.size > MAX_BUCKETS && idle !== undefined) buckets.delete(idle);
    return bucket;
  };

  return {
    take(caller) {
      if (perSecond === 0) return 0;
      const bucket = bucketOf(keyOf(caller), clock.now());
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return 0;
      }
      return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    },
  };
}
