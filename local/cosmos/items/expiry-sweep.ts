/** Expired items are passed over at once, but take up room until they are deleted: a few whenever others are added. */
import type { Container } from "../storage/container.ts";
import { isExpired } from "./time-to-live.ts";

/** How many items are added between two sweeps. */
const INTERVAL = 32;

/** Items that a sweep looks at for each one added: more than one, so that it gains on them. */
const LOOKED_AT_PER_ADDED = 2;

/** Goes on where the last sweep ended, and at the end from the beginning. Needs a transaction. */
export function sweepExpired(container: Container, timestamp: number): void {
  const { items, settings, lastItem, sweep } = container;
  const addedCount = lastItem - sweep.lastItem;
  if (settings.defaultTtl === undefined || addedCount < INTERVAL) return;
  const wantedCount = addedCount * LOOKED_AT_PER_ADDED;
  const rows = items.lifetimes(sweep.after, wantedCount);
  for (const row of rows) {
    if (isExpired(settings, row, timestamp)) items.remove(row.item);
  }
  sweep.after = rows.length < wantedCount ? 0 : (rows.at(-1)?.item ?? 0);
  sweep.lastItem = lastItem;
}
