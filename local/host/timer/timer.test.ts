/** Timers under a virtual clock: when they go off, and what they remember. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { app as functionApp, RetryOptions, Timer } from "@azure/functions";
import { describe, expect, onTestFinished, test } from "vitest";
import { createGate, startTestHost, type TestHostOptions } from "../test-host.ts";
import { createVirtualClock, type VirtualClock } from "../../virtual-clock.ts";

const start = Date.UTC(2026, 0, 5, 11);
const MINUTE = 60_000;

const stateFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "timers-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return join(folder, "host.sqlite");
};

interface Run {
  readonly at: string;
  readonly isPastDue: boolean;
  readonly next: string | undefined;
}

interface TimerCase {
  readonly schedule: string;
  readonly runOnStartup?: boolean;
  readonly useMonitor?: boolean;
  readonly retry?: RetryOptions;
  readonly handler?: (timer: Timer) => unknown;
}

/** A host with one timer, `Tick`, that notes its runs. */
async function startTicking(timer: TimerCase, options: TestHostOptions = {}) {
  const clock: VirtualClock = options.clock ?? createVirtualClock(start);
  const runs: Run[] = [];
  const { handler = () => undefined, ...settings } = timer;
  const register = (app: typeof functionApp): void => {
    app.timer("Tick", {
      ...settings,
      handler: async (tick) => {
        const { isPastDue, scheduleStatus } = tick as Omit<Timer, "scheduleStatus"> & {
          readonly scheduleStatus?: Timer["scheduleStatus"] | null;
        };
        const at = new Date(clock.now()).toISOString().slice(11, 19);
        runs.push({ at, isPastDue, next: scheduleStatus?.next.slice(11, 19) });
        await handler(tick);
      },
    });
  };
  const { host, logged } = await startTestHost(register, { ...options, clock });
  return { host, clock, runs, logged };
}

const timesOf = (runs: readonly Run[]): readonly string[] => runs.map(({ at }) => at);

describe("on time", () => {
  test("a timer runs at each time of its schedule and is told of it", async () => {
    const { clock, runs } = await startTicking({ schedule: "0 */5 * * * *" });

    await clock.advance(11 * MINUTE);

    expect(runs).toEqual([
      { at: "11:05:00", isPastDue: false, next: "11:05:00" },
      { at: "11:10:00", isPastDue: false, next: "11:10:00" },
    ]);
  });

  test("a run that fails does not stop the schedule", async () => {
    const { clock, runs, logged } = await startTicking({
      schedule: "0 * * * * *",
      handler: () => {
        throw new Error("out of order");
      },
    });

    await clock.advance(3 * MINUTE);

    expect(timesOf(runs)).toEqual(["11:01:00", "11:02:00", "11:03:00"]);
    expect(logged).toContainEqual(expect.stringContaining("Tick: Error: out of order"));
  });

  test("one run at a time: a long one delays the next, which is reckoned from its beginning", async () => {
    const gate = createGate();
    const { clock, runs } = await startTicking({
      schedule: "0 * * * * *",
      handler: () => (runs.length === 1 ? gate.opened : undefined),
    });

    await clock.advance(3 * MINUTE);
    const whileRunning = timesOf(runs);
    gate.open();
    await clock.advance(0);
    await clock.advance(0);

    expect(whileRunning).toEqual(["11:01:00"]);
    expect(timesOf(runs)).toEqual(["11:01:00", "11:03:00"]);
  });

  test("a schedule that comes more often than once a minute has no status", async () => {
    const { host, clock, runs } = await startTicking({ schedule: "*/20 * * * * *" });

    await clock.advance(MINUTE);

    expect(runs).toEqual([
      { at: "11:00:20", isPastDue: false, next: undefined },
      { at: "11:00:40", isPastDue: false, next: undefined },
      { at: "11:01:00", isPastDue: false, next: undefined },
    ]);
    expect(host.state.get("timers/Tick")).toBeUndefined();
  });

  test("a schedule may be a setting", async () => {
    const { clock, runs } = await startTicking(
      { schedule: "%Every%" },
      { settings: { Every: "0 0 12 * * *" } },
    );

    await clock.advance(60 * MINUTE);

    expect(timesOf(runs)).toEqual(["12:00:00"]);
  });

  test("a failed run is retried as its policy says, before the next one", async () => {
    const { clock, runs } = await startTicking({
      schedule: "0 0 * * * *",
      retry: { strategy: "fixedDelay", maxRetryCount: 2, delayInterval: { seconds: 10 } },
      handler: () => {
        throw new Error("out of order");
      },
    });

    await clock.advance(61 * MINUTE);

    expect(timesOf(runs)).toEqual(["12:00:00", "12:00:10", "12:00:20"]);
  });
});

describe("after a stop", () => {
  test("what was missed is made up for once, at once, and said to be past due", async () => {
    const file = stateFile();
    const first = await startTicking({ schedule: "0 */5 * * * *" }, { stateFile: file });
    await first.clock.advance(6 * MINUTE);
    await first.host.stop();

    const later = createVirtualClock(start + 22 * MINUTE);
    const second = await startTicking(
      { schedule: "0 */5 * * * *" },
      { stateFile: file, clock: later },
    );
    await later.advance(4 * MINUTE);

    expect(timesOf(first.runs)).toEqual(["11:05:00"]);
    expect(second.runs).toEqual([
      { at: "11:22:00", isPastDue: true, next: "11:10:00" },
      { at: "11:25:00", isPastDue: false, next: "11:25:00" },
    ]);
  });

  test("nothing missed is nothing made up for", async () => {
    const file = stateFile();
    const first = await startTicking({ schedule: "0 */5 * * * *" }, { stateFile: file });
    await first.clock.advance(6 * MINUTE);
    await first.host.stop();

    const later = createVirtualClock(start + 9 * MINUTE);
    const { runs } = await startTicking(
      { schedule: "0 */5 * * * *" },
      { stateFile: file, clock: later },
    );
    await later.advance(2 * MINUTE);

    expect(runs).toEqual([{ at: "11:10:00", isPastDue: false, next: "11:10:00" }]);
  });

  test("a schedule that was changed is reckoned anew and is not past due", async () => {
    const file = stateFile();
    const first = await startTicking({ schedule: "0 */5 * * * *" }, { stateFile: file });
    await first.clock.advance(6 * MINUTE);
    await first.host.stop();

    const later = createVirtualClock(start + 22 * MINUTE);
    const { runs } = await startTicking(
      { schedule: "0 30 * * * *" },
      { stateFile: file, clock: later },
    );
    await later.advance(10 * MINUTE);

    expect(runs).toEqual([{ at: "11:30:00", isPastDue: false, next: "11:30:00" }]);
  });

  test("without a monitor nothing is remembered", async () => {
    const file = stateFile();
    const timer = { schedule: "0 */5 * * * *", useMonitor: false };
    const first = await startTicking(timer, { stateFile: file });
    await first.host.stop();

    const later = createVirtualClock(start + 22 * MINUTE);
    const { runs } = await startTicking(timer, { stateFile: file, clock: later });
    await later.advance(4 * MINUTE);

    expect(runs).toEqual([{ at: "11:25:00", isPastDue: false, next: undefined }]);
  });
});

describe("at other times", () => {
  test("runOnStartup runs at the start, then on time", async () => {
    const { clock, runs } = await startTicking({ schedule: "0 */5 * * * *", runOnStartup: true });

    await clock.advance(5 * MINUTE);

    expect(timesOf(runs)).toEqual(["11:00:00", "11:05:00"]);
    expect(runs[0]?.isPastDue).toBe(false);
  });

  test("a timer can be started by hand", async () => {
    const { host, runs } = await startTicking({ schedule: "0 0 3 * * *" });

    await host.invoke("Tick");

    expect(runs).toEqual([{ at: "11:00:00", isPastDue: false, next: undefined }]);
  });

  test("a schedule that cannot be read stops the start", async () => {
    await expect(startTicking({ schedule: "every day" })).rejects.toThrow("Tick cannot start");
  });

  test("a stopped host runs no timers", async () => {
    const { host, clock, runs } = await startTicking({ schedule: "0 * * * * *" });
    await host.stop();

    await clock.advance(10 * MINUTE);

    expect(runs).toEqual([]);
  });
});
