/** A timer trigger: one run at a time, at the times of its schedule; a run that was missed is made up for once. */
import { z } from "zod";
import type { RegisteredFunction } from "../app/registered-app.ts";
import type { Invocation } from "../invocation/invoke.ts";
import { type HostPorts, type Listener, retryPolicyOf } from "../ports.ts";
import { substitute } from "../settings/app-settings.ts";
import type { NextOccurrence } from "./ncrontab.ts";
import { comesOftenerThanEveryMinute, parseSchedule } from "./schedule.ts";

const triggerSchema = z.object({
  schedule: z.string(),
  runOnStartup: z.boolean().default(false),
  useMonitor: z.boolean().default(true),
});

/** .NET's `default(DateTime)`: it has not run. */
const NEVER = "0001-01-01T00:00:00Z";

/** As Azure keeps it in blob storage; ISO 8601. */
const statusSchema = z.object({ Last: z.string(), Next: z.string(), LastUpdated: z.string() });
type ScheduleStatus = z.output<typeof statusSchema>;

const toIso = (time: number): string => new Date(time).toISOString();

/** What a run that was not on time is, if it was not. */
type Occasion = "due" | "past-due" | "startup" | "manual";

export function toTimerInvocation(
  target: RegisteredFunction,
  occasion: Occasion,
  status: ScheduleStatus | undefined,
): Invocation {
  const info = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: status ?? null,
    IsPastDue: occasion === "past-due",
  };
  return {
    inputData: [{ name: target.trigger.name, data: { json: JSON.stringify(info) } }],
    triggerMetadata: {},
  };
}

/** The status after what happened while the host was away: a schedule that was changed is reckoned anew. */
function reviewStatus(stored: ScheduleStatus, next: NextOccurrence, now: number): ScheduleStatus {
  const since = Date.parse(stored.Last === NEVER ? stored.LastUpdated : stored.Last);
  const expected = next(since);
  if (expected === undefined || toIso(expected) === stored.Next) return stored;
  const following = expected < now ? next(now) : expected;
  if (following === undefined) return stored;
  return { Last: stored.Last, Next: toIso(following), LastUpdated: toIso(now) };
}

class TimerListener implements Listener {
  readonly #target: RegisteredFunction;
  readonly #ports: HostPorts;
  readonly #next: NextOccurrence;
  readonly #isMonitored: boolean;
  readonly #key: string;
  #status: ScheduleStatus | undefined;
  #cancel: () => void = () => undefined;
  #isClosed = false;

  constructor(
    target: RegisteredFunction,
    ports: HostPorts,
    next: NextOccurrence,
    isMonitored: boolean,
  ) {
    this.#target = target;
    this.#ports = ports;
    this.#next = next;
    this.#isMonitored = isMonitored;
    this.#key = `timers/${target.name}`;
  }

  start(runOnStartup: boolean): void {
    const { clock } = this.#ports;
    const isPastDue = this.#isMonitored && this.#recall();
    if (isPastDue || runOnStartup) {
      // Not before the host says that it has started.
      this.#cancel = clock.schedule(0, () => void this.#run(isPastDue ? "past-due" : "startup"));
    } else {
      this.#arm(clock.now());
    }
  }

  /** @returns whether a run was missed */
  #recall(): boolean {
    const now = this.#ports.clock.now();
    const text = this.#ports.state.get(this.#key);
    if (text === undefined) {
      const first = this.#next(now);
      if (first !== undefined) {
        this.#keep({ Last: NEVER, Next: toIso(first), LastUpdated: toIso(now) });
      }
      return false;
    }
    this.#keep(reviewStatus(statusSchema.parse(JSON.parse(text)), this.#next, now));
    return this.#status !== undefined && now > Date.parse(this.#status.Next);
  }

  #keep(status: ScheduleStatus): void {
    this.#status = status;
    this.#ports.state.set(this.#key, JSON.stringify(status));
  }

  /** @param since the run before this one */
  #arm(since: number): void {
    if (this.#ports.stopping.aborted) return;
    const due = this.#status ? Date.parse(this.#status.Next) : this.#next(since);
    if (due === undefined) {
      this.#ports.log("warn", this.#target.name, "its schedule has no more occurrences");
      return;
    }
    const { clock } = this.#ports;
    this.#cancel = clock.schedule(due - clock.now(), () => void this.#run("due", due));
  }

  /** @param due a timer of the machine may go off a little early, and must not go off again on time */
  async #run(occasion: Occasion, due = 0): Promise<void> {
    const { clock, executor, hostSettings } = this.#ports;
    const ranAt = Math.max(clock.now(), due);
    const invocation = toTimerInvocation(this.#target, occasion, this.#status);
    try {
      await executor.execute(this.#target, invocation, retryPolicyOf(this.#target, hostSettings));
    } catch {
      // Logged by the executor; a failure never stops the schedule.
    }
    // The host did not wait for it: it is due again.
    if (this.#isClosed) return;
    this.#note(ranAt);
    this.#arm(ranAt);
  }

  #note(ranAt: number): void {
    const following = this.#isMonitored ? this.#next(ranAt) : undefined;
    if (following === undefined) this.#status = undefined;
    else this.#keep({ Last: toIso(ranAt), Next: toIso(following), LastUpdated: toIso(ranAt) });
  }

  pause(): Promise<void> {
    this.#cancel();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }
}

/** @throws {ScheduleError} the schedule cannot be read */
export function startTimerListener(target: RegisteredFunction, ports: HostPorts): Listener {
  const { settings, clock } = ports;
  const { schedule, runOnStartup, useMonitor } = triggerSchema.parse(target.trigger.options);
  const next = parseSchedule(substitute(settings, schedule));
  const isMonitored = useMonitor && !comesOftenerThanEveryMinute(next, clock.now());
  const listener = new TimerListener(target, ports, next, isMonitored);
  listener.start(runOnStartup);
  return listener;
}
