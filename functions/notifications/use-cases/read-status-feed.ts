/** Notifications, reading: what has come to its end since the reader last looked, or what was the last. */
import type { NumberedStatusEntry, StatusFeed } from "../domain/read-ports.ts";

/** What reading needs. */
export interface ReadStatusFeedPorts {
  readonly statusFeed: StatusFeed;
}

/** A page of a creator's feed. */
export interface StatusFeedPage {
  /** A number of the feed, which is itself left out; 0 is the beginning, and read backwards the end. */
  readonly seq: number;
  /** Absent is as much as there may be. */
  readonly pageSize?: number;
  readonly orderBy: "Asc" | "Desc";
}

/** As many entries as a page may have. */
export const MAX_PAGE_SIZE = 500;

/** There is no hold-back window (NO-D19): numbers are given in commit order, so who has seen n has seen all before. */
export function readStatusFeed(
  { statusFeed }: ReadStatusFeedPorts,
  creator: string,
  { seq, pageSize = MAX_PAGE_SIZE, orderBy }: StatusFeedPage,
): Promise<readonly NumberedStatusEntry[]> {
  const limit = Math.min(Math.max(pageSize, 1), MAX_PAGE_SIZE);
  return orderBy === "Asc"
    ? statusFeed.read(creator, seq, limit)
    : statusFeed.readBack(creator, seq === 0 ? Infinity : seq, limit);
}
