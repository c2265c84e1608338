/** Events, step 2c: process events add to the analytics of their app. Also: reading them, and counting what is stored. */
import {
  addHistograms,
  countOf,
  type Histogram,
  quantileOf,
} from "../domain/duration-histogram.ts";
import { instanceFactOf, type ProgressLedger } from "../domain/instance-progress.ts";
import type { EventFeeds } from "../domain/ports.ts";
import type { StoredEvent } from "../domain/stored-event.ts";
import { feedOfResource } from "./project-events.ts";

/** What counting needs. */
export interface CountProgressPorts {
  readonly progress: ProgressLedger;
}

/** Counts stored events. Safe to repeat, in any order. */
export async function countProgress(
  ports: CountProgressPorts,
  events: readonly StoredEvent[],
): Promise<void> {
  await ports.progress.record(
    events.flatMap((stored) => {
      const fact = instanceFactOf(stored);
      return fact ? [fact] : [];
    }),
  );
}

/** Entries of a feed that are counted in one go. */
const BACKFILL_SIZE = 500;

/**
 * Counts what the feed of an app holds, some of it. Safe to repeat.
 *
 * @param after the number to go on after
 * @returns the number reached; `undefined` when there is nothing more
 */
export async function backfillProgress(
  ports: CountProgressPorts & { readonly feeds: EventFeeds },
  resource: string,
  after: number,
): Promise<number | undefined> {
  const entries = await ports.feeds.read(feedOfResource(resource), after, BACKFILL_SIZE);
  await countProgress(
    ports,
    entries.flatMap(({ stored }) => stored ?? []),
  );
  return entries.at(-1)?.number;
}

/** How long a task took. */
export interface TaskDurations {
  readonly task: string;
  readonly count: number;
  readonly p50InSeconds: number;
  readonly p90InSeconds: number;
  readonly p99InSeconds: number;
}

/** What is known of an app in some days. */
export interface AppAnalytics {
  readonly created: number;
  readonly createdPerDay: readonly { readonly day: string; readonly count: number }[];
  /** Tasks that ended in these days. */
  readonly tasks: readonly TaskDurations[];
}

const durationsOf = (task: string, histogram: Histogram): TaskDurations => {
  const seconds = (share: number): number => Math.round(quantileOf(histogram, share) ?? 0) / 1000;
  return {
    task,
    count: countOf(histogram),
    p50InSeconds: seconds(0.5),
    p90InSeconds: seconds(0.9),
    p99InSeconds: seconds(0.99),
  };
};

/** The analytics of an app from a day to a day, both included. */
export async function readAnalytics(
  ports: CountProgressPorts,
  app: string,
  from: string,
  to: string,
): Promise<AppAnalytics> {
  const tallies = await ports.progress.read(app.toLowerCase(), from, to);
  const days = new Map<string, number>();
  const tasks = new Map<string, Histogram>();
  for (const { day, created, tasks: theirs } of tallies) {
    if (created > 0) days.set(day, (days.get(day) ?? 0) + created);
    for (const [task, histogram] of Object.entries(theirs)) {
      tasks.set(task, addHistograms(tasks.get(task) ?? {}, histogram));
    }
  }
  const createdPerDay = [...days]
    .map(([day, count]) => ({ day, count }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  return {
    created: createdPerDay.reduce((sum, { count }) => sum + count, 0),
    createdPerDay,
    tasks: [...tasks]
      .map(([task, histogram]) => durationsOf(task, histogram))
      .filter(({ count }) => count > 0)
      .sort((a, b) => (a.task < b.task ? -1 : 1)),
  };
}
