/** Notifications, reckoning: what ended on a day as files, and what a month came to by creator. */
import type { Clock, Logger } from "../../kernel/ports.ts";
import {
  addCounts,
  type Counts,
  countsOf,
  dayOf,
  type EndedOrder,
  type MetricRow,
  monthOf,
  noCounts,
} from "../domain/metrics.ts";
import type {
  MetricsArchive,
  MetricsFiles,
  MonthlyCounts,
  NotificationMetrics,
} from "../domain/metrics-ports.ts";
import type { Channel } from "../domain/order.ts";

/** What reckoning needs. */
export interface ReportMetricsPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: NotificationMetrics;
  readonly metricsFiles: MetricsFiles;
  /** Where figures come from: part of the names of files. */
  readonly environmentName: string;
  /** Absent where nobody wants the daily files. */
  readonly metricsArchive?: MetricsArchive;
}

/** A file of what ended on a day. */
export interface MetricsFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly rowCount: number;
}

const DAY_IN_MS = 24 * 60 * 60_000;

/** The day that is over, UTC. */
export const yesterdayOf = (now: number): string => dayOf(now - DAY_IN_MS);

/** Makes the file of a channel and a day. */
export async function makeMetricsFile(
  { metrics, metricsFiles, environmentName }: ReportMetricsPorts,
  day: string,
  channel: Channel,
): Promise<MetricsFile> {
  const rows: MetricRow[] = [];
  for await (const page of metrics.rows(day, channel)) rows.push(...page);
  const name = `${day.replaceAll("-", "")}_${channel}_notifications_${environmentName}.parquet`;
  return { name, bytes: metricsFiles.encode(channel, rows), rowCount: rows.length };
}

/** Sums by requested month and creator. */
function createSums() {
  const sums = new Map<string, MonthlyCounts>();
  return {
    add({ requestedSendAt, creator }: EndedOrder | MetricRow, counts: Counts): void {
      const month = monthOf(requestedSendAt);
      const key = `${month}/${creator}`;
      const known = sums.get(key)?.counts ?? noCounts;
      sums.set(key, { month, creator, counts: addCounts(known, counts) });
    },
    all: (): readonly MonthlyCounts[] => [...sums.values()],
  };
}

/** What a day comes to, counted from what is there now. */
async function countDay(
  { metrics }: ReportMetricsPorts,
  day: string,
): Promise<readonly MonthlyCounts[]> {
  const sums = createSums();
  for await (const page of metrics.endedOrders(day)) {
    for (const order of page) sums.add(order, { ...noCounts, orders: 1 });
  }
  for (const channel of ["email", "sms"] as const) {
    for await (const page of metrics.rows(day, channel)) {
      for (const row of page) sums.add(row, countsOf(row));
    }
  }
  return sums.all();
}

async function closeDay(ports: ReportMetricsPorts, day: string): Promise<void> {
  for (const channel of ["email", "sms"] as const) {
    const { name, bytes, rowCount } = await makeMetricsFile(ports, day, channel);
    await ports.metricsArchive?.store(name, bytes);
    ports.logger.info({ day, channel, rowCount }, "The figures of a day are stored");
  }
  // The sums last: they say that the day is done.
  await ports.metrics.close(day, await countDay(ports, day));
}

/** A report of the last minute may be late by this much. */
const GRACE_IN_MS = 2 * 60 * 60_000;

/** After an outage the days that were missed are made up for, as far back as this. */
const DAYS_BACK = 7;

/**
 * Stores the files of each day that is over, and closes it. Safe to repeat: a closed day is passed over, and a file is
 * replaced by the same one.
 *
 * @throws {RetryLater} the storage does not answer; the next run goes on
 */
export async function archiveMetrics(ports: ReportMetricsPorts): Promise<void> {
  const now = ports.clock.now() - GRACE_IN_MS;
  for (let back = DAYS_BACK; back >= 1; back--) {
    const day = dayOf(now - back * DAY_IN_MS);
    if ((await ports.metrics.sums(day)) === undefined) await closeDay(ports, day);
  }
}

/** Days after its requested time on which something may still end: expiry, window and grace. */
const DAYS_AFTER = 5;

function daysOf(month: string, now: number): readonly string[] {
  const first = Date.parse(`${month}-01T00:00:00Z`);
  const next = new Date(first);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const end = Math.min(next.getTime() + DAYS_AFTER * DAY_IN_MS, now + 1);
  const days: string[] = [];
  for (let at = first; at < end; at += DAY_IN_MS) days.push(dayOf(at));
  return days;
}

/**
 * What the creators had sent of what was requested for a month, in the order of their names.
 *
 * Closed days are read as sums; those that are not closed yet, as a rule today, are counted.
 *
 * @param month `2026-01`
 */
export async function countMonth(
  ports: ReportMetricsPorts,
  month: string,
): Promise<readonly { readonly creator: string; readonly counts: Counts }[]> {
  const byCreator = new Map<string, Counts>();
  for (const day of daysOf(month, ports.clock.now())) {
    const sums = (await ports.metrics.sums(day)) ?? (await countDay(ports, day));
    for (const { creator, counts } of sums.filter((it) => it.month === month)) {
      byCreator.set(creator, addCounts(byCreator.get(creator) ?? noCounts, counts));
    }
  }
  return [...byCreator]
    .map(([creator, counts]) => ({ creator, counts }))
    .sort((a, b) => (a.creator < b.creator ? -1 : 1));
}
