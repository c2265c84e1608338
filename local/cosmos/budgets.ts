/** Throttling: each container may spend so many request units a second. */
import type { Clock } from "../clock.ts";
import { CosmosFailure } from "./failure.ts";

/** Substatus: the request units are spent. */
const BUDGET_SPENT = 3200;

/** Request units a second by the id of the container; a container without an entry is never throttled. */
export type RequestUnitBudgets = Readonly<Record<string, number>>;

export interface Budgets {
  /** @throws {CosmosFailure} 429/3200 – the container has spent more than it may */
  check(container: string | undefined): void;
  spend(container: string | undefined, requestUnits: number): void;
}

/** A bucket of one second's budget. It can be overdrawn, since a charge is known only afterwards. */
interface Bucket {
  readonly unitsPerSecond: number;
  level: number;
  filledAt: number;
}

function refill(bucket: Bucket, now: number): void {
  const gained = ((now - bucket.filledAt) / 1000) * bucket.unitsPerSecond;
  bucket.level = Math.min(bucket.unitsPerSecond, bucket.level + gained);
  bucket.filledAt = now;
}

export function createBudgets(budgets: RequestUnitBudgets, clock: Clock): Budgets {
  const buckets = new Map<string | undefined, Bucket>(
    Object.entries(budgets).map(([container, unitsPerSecond]) => [
      container,
      { unitsPerSecond, level: unitsPerSecond, filledAt: clock.now() },
    ]),
  );
  return {
    check(container) {
      const bucket = buckets.get(container);
      if (!bucket) return;
      refill(bucket, clock.now());
      if (bucket.level > 0) return;
      const waitInMs = Math.floor((-bucket.level / bucket.unitsPerSecond) * 1000) + 1;
      throw new CosmosFailure(429, "The request rate is large. Please retry after some time.", {
        substatus: BUDGET_SPENT,
        retryAfterInMs: waitInMs,
      });
    },
    spend(container, requestUnits) {
      const bucket = buckets.get(container);
      if (bucket) bucket.level -= requestUnits;
    },
  };
}
