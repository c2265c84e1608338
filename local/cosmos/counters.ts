/** Counts requests and request units, so that tests and budgets can be about them. */
import type { Operation, OperationType } from "./wire/operation.ts";

export interface Count {
  /** Absent for the account, databases and containers. */
  readonly container: string | undefined;
  readonly operation: OperationType;
  /** Answered requests, refused ones included. */
  readonly requestCount: number;
  readonly requestUnits: number;
}

/** Which counts to add up; what is absent does not matter. */
export interface CountFilter {
  readonly container?: string;
  readonly operation?: OperationType;
}

export interface Counters {
  /** One for each operation on each container that there was any request for. */
  list(): readonly Count[];
  total(filter?: CountFilter): { readonly requestCount: number; readonly requestUnits: number };
  reset(): void;
}

export interface CountingCounters extends Counters {
  count(operation: Operation, requestUnits: number): void;
}

interface Tally {
  readonly container: string | undefined;
  readonly operation: OperationType;
  requestCount: number;
  requestUnits: number;
}

export function createCounters(): CountingCounters {
  const tallies = new Map<string, Tally>();

  const tallyOf = ({ type, container }: Operation): Tally => {
    const key = `${type}/${container ?? ""}`;
    const known = tallies.get(key);
    if (known) return known;
    const tally: Tally = { container, operation: type, requestCount: 0, requestUnits: 0 };
    tallies.set(key, tally);
    return tally;
  };

  return {
    count(operation, requestUnits) {
      const tally = tallyOf(operation);
      tally.requestCount++;
      tally.requestUnits += requestUnits;
    },
    list: () => [...tallies.values()].map((tally) => ({ ...tally })),
    total({ container, operation } = {}) {
      let requestCount = 0;
      let requestUnits = 0;
      for (const tally of tallies.values()) {
        if (container !== undefined && tally.container !== container) continue;
        if (operation !== undefined && tally.operation !== operation) continue;
        requestCount += tally.requestCount;
        requestUnits += tally.requestUnits;
      }
      return { requestCount, requestUnits };
    },
    reset: () => {
      tallies.clear();
    },
  };
}
