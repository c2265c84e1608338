/** Where figures are kept, by the day on which something ended, and where the files made of them go. */
import type { Counts, EndedOrder, MetricRow } from "./metrics.ts";
import type { Channel } from "./order.ts";

/** What the creators had sent in one month, as far as it ended on one day. */
export interface MonthlyCounts {
  /** `2026-01`: of the requested time. */
  readonly month: string;
  readonly creator: string;
  readonly counts: Counts;
}

/** What has ended, of notifications and of orders. */
export interface Ended {
  readonly notifications: readonly MetricRow[];
  readonly orders: readonly EndedOrder[];
}

/** Figures by day, UTC. */
export interface NotificationMetrics {
  /**
   * Keeps together what has ended: one request for all of a day. Safe to repeat, also when some of it was kept.
   *
   * @throws {Error} something in it cannot be kept, and others may not be; each by itself can still be put
   */
  put(ended: Ended): Promise<void>;
  /** What ended on a day, page by page. */
  rows(day: string, channel: Channel): AsyncIterable<readonly MetricRow[]>;
  endedOrders(day: string): AsyncIterable<readonly EndedOrder[]>;
  /** Keeps the sums of a day that is over, so that a month is thirty small reads. Safe to repeat. */
  close(day: string, sums: readonly MonthlyCounts[]): Promise<void>;
  /** The sums of a day; `undefined` while it is not closed. */
  sums(day: string): Promise<readonly MonthlyCounts[] | undefined>;
}

/** A file for whoever reckons with the figures. */
export interface MetricsFiles {
  /** The rows as Parquet. */
  encode(channel: Channel, rows: readonly MetricRow[]): Uint8Array;
}

/** Where the daily files are kept. */
export interface MetricsArchive {
  /** Safe to repeat: a file of the same name is replaced. */
  store(name: string, file: Uint8Array): Promise<void>;
}
