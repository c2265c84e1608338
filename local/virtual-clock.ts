/** A clock that moves only when it is told to. */
import type { Clock } from "./clock.ts";

/** A {@link Clock} under the control of a test. */
export interface VirtualClock extends Clock {
  /**
   * Moves time forward and runs what falls due on the way, each at its own time, in order of time and then of
   * scheduling. Between two callbacks pending promise reactions get a turn; network traffic does not: await its
   * effects separately.
   */
  advance(byInMs: number): Promise<void>;
}

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** @param startAt milliseconds since the epoch; by default a fixed instant, so that runs are repeatable */
export function createVirtualClock(startAt: number = Date.UTC(2026, 0, 5, 11)): VirtualClock {
  let time = startAt;
  let nextOrder = 0;
  const alarms = new Set<Alarm>();

  const earliestUpTo = (limit: number): Alarm | undefined => {
    let first: Alarm | undefined;
    for (const alarm of alarms) {
      if (alarm.at > limit) continue;
      if (!first || alarm.at < first.at || (alarm.at === first.at && alarm.order < first.order)) {
        first = alarm;
      }
    }
    return first;
  };

  return {
    now: () => time,
    schedule(delayInMs, callback) {
      const alarm: Alarm = { at: time + Math.max(delayInMs, 0), order: nextOrder++, callback };
      alarms.add(alarm);
      return () => {
        alarms.delete(alarm);
      };
    },
    async advance(byInMs) {
      const target = time + byInMs;
      for (let due = earliestUpTo(target); due; due = earliestUpTo(target)) {
        alarms.delete(due);
        time = Math.max(time, due.at);
        due.callback();
        await new Promise((resolve) => setImmediate(resolve));
      }
      time = target;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
