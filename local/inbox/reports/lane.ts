/** The reports of one receiver: the next alarm, what is under way, and the handshake before the first. */
import type { Clock } from "../../clock.ts";
import type { SettingsHolder } from "../settings.ts";
import type { QueuedReport, ReportQueue, ReportTarget } from "../store/report-queue.ts";
import type { Attempt } from "./schedule.ts";

export interface LanePorts {
  readonly clock: Clock;
  readonly settings: SettingsHolder;
  readonly reports: ReportQueue;
}

export interface LaneOptions {
  readonly target: ReportTarget;
  /** Where it is now; undefined while there is none. */
  readonly receiver: () => string | undefined;
  readonly maxUnderWay: number;
  readonly batchSize: () => number;
  /** @returns why the receiver must not be sent to */
  readonly validate?: (receiver: string) => Promise<string | undefined>;
  /** @returns how it ended, in the order of the reports; never rejects */
  readonly deliver: (
    receiver: string,
    reports: readonly QueuedReport[],
  ) => Promise<readonly Attempt[]>;
  readonly record: (reports: readonly QueuedReport[], attempts: readonly Attempt[]) => void;
}

export interface Lane {
  /** Sends what is due, and sets the alarm for the next. */
  look(): void;
  /** Sends one report at once, due or not. */
  deliverNow(report: QueuedReport): Promise<void>;
  receiverChanged(): void;
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** The wait between two handshakes with a receiver that does not agree. */
const HANDSHAKE_WAIT_IN_MS = 10_000;

export function createLane({ clock, settings, reports }: LanePorts, options: LaneOptions): Lane {
  const underWay = new Map<number, Promise<void>>();
  let handshake: Promise<void> | undefined;
  let validReceiver: string | undefined;
  let nextHandshakeAt = 0;
  let cancelAlarm = (): void => undefined;
  let isStopped = false;

  const setAlarm = (delayInMs: number): void => {
    cancelAlarm();
    cancelAlarm = clock.schedule(delayInMs, look);
  };

  const send = async (receiver: string, batch: readonly QueuedReport[]): Promise<void> => {
    const attempts = await options.deliver(receiver, batch);
    // What is cut off by the stop was not answered: it stays due.
    if (!isStopped) options.record(batch, attempts);
    for (const { number } of batch) underWay.delete(number);
    look();
  };

  const start = (receiver: string, batch: readonly QueuedReport[]): Promise<void> => {
    const sending = send(receiver, batch);
    for (const { number } of batch) underWay.set(number, sending);
    return sending;
  };

  const agree = async (receiver: string): Promise<void> => {
    const refusal = await options.validate?.(receiver);
    handshake = undefined;
    if (isStopped) return;
    if (refusal === undefined) {
      validReceiver = receiver;
      look();
      return;
    }
    const waitInMs = HANDSHAKE_WAIT_IN_MS * settings.current.retryFactor;
    nextHandshakeAt = clock.now() + waitInMs;
    setAlarm(waitInMs);
  };

  const isReady = (receiver: string): boolean => {
    if (options.validate === undefined || validReceiver === receiver) return true;
    if (clock.now() >= nextHandshakeAt) handshake ??= agree(receiver);
    return false;
  };

  function sendDue(receiver: string, now: number): void {
    const size = options.batchSize();
    const due = reports
      .due(options.target, now, underWay.size + options.maxUnderWay * size)
      .filter(({ number }) => !underWay.has(number));
    for (let index = 0; index < due.length; index += size) {
      if (underWay.size >= options.maxUnderWay * size) return;
      void start(receiver, due.slice(index, index + size));
    }
  }

  function look(): void {
    const receiver = options.receiver();
    if (isStopped || receiver === undefined || !isReady(receiver)) return;
    const now = clock.now();
    sendDue(receiver, now);
    const nextAt = reports.nextDueAfter(options.target, now);
    if (nextAt !== undefined) setAlarm(nextAt - now);
  }

  const isBusy = (): boolean => underWay.size > 0 || handshake !== undefined;

  return {
    look,
    async deliverNow(report) {
      const receiver = options.receiver();
      if (receiver === undefined || !isReady(receiver) || underWay.has(report.number)) return;
      await start(receiver, [report]);
    },
    receiverChanged() {
      validReceiver = undefined;
      nextHandshakeAt = 0;
      look();
    },
    async settled() {
      look();
      while (isBusy()) await Promise.all([handshake, ...underWay.values()]);
    },
    async stop() {
      isStopped = true;
      cancelAlarm();
      await Promise.all([handshake, ...underWay.values()]);
    },
  };
}
