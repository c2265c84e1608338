/** The reports of one receiver: the next alarm, what is under way, and the handshake before the first. */
import type { Clock } from "../../clock.ts";
import type { SettingsHolder } from "../settings.ts";
import type { QueuedReport, ReportQueue, ReportTarget } from "../store/report-queue.ts";
import { createHandshake, type Handshake } from "./handshake.ts";
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

/** What is being sent. */
interface Flights {
  has(number: number): boolean;
  readonly count: number;
  start(receiver: string, batch: readonly QueuedReport[]): Promise<void>;
  all(): Promise<unknown>;
  /** What is cut off from now on was not answered: it stays due. */
  cutOff(): void;
}

function createFlights(options: LaneOptions, ended: () => void): Flights {
  const flights = new Map<number, Promise<void>>();
  let isCutOff = false;
  const fly = async (receiver: string, batch: readonly QueuedReport[]): Promise<void> => {
    const attempts = await options.deliver(receiver, batch);
    if (!isCutOff) options.record(batch, attempts);
    for (const { number } of batch) flights.delete(number);
    ended();
  };
  return {
    has: (number) => flights.has(number),
    get count() {
      return flights.size;
    },
    start(receiver, batch) {
      const flight = fly(receiver, batch);
      for (const { number } of batch) flights.set(number, flight);
      return flight;
    },
    all: () => Promise.all(flights.values()),
    cutOff() {
      isCutOff = true;
    },
  };
}

/** @returns the batches that there is room for */
function nextBatches(
  reports: ReportQueue,
  { target, maxUnderWay, batchSize }: LaneOptions,
  flights: Flights,
  now: number,
): readonly (readonly QueuedReport[])[] {
  const size = batchSize();
  const room = maxUnderWay * size - flights.count;
  if (room <= 0) return [];
  // Read whole are only those that start now: this is asked whenever one has ended.
  const due = reports
    .due(target, now, flights.count + room)
    .filter((number) => !flights.has(number))
    .slice(0, room)
    .flatMap((number) => reports.get(number) ?? []);
  const starts = Array.from({ length: Math.ceil(due.length / size) }, (_, index) => index * size);
  return starts.map((start) => due.slice(start, start + size));
}

const agreed: Handshake = {
  isDone: () => true,
  forget: () => undefined,
  underWay: undefined,
};

export function createLane(ports: LanePorts, options: LaneOptions): Lane {
  const { clock, reports } = ports;
  let cancelAlarm = (): void => undefined;
  let isStopped = false;

  const setAlarm = (delayInMs: number): void => {
    cancelAlarm();
    if (!isStopped) cancelAlarm = clock.schedule(delayInMs, look);
  };

  const handshakeEnded = (retryInMs: number | undefined): void => {
    if (retryInMs === undefined) look();
    else setAlarm(retryInMs);
  };
  const { validate } = options;
  const handshake = validate ? createHandshake(ports, validate, handshakeEnded) : agreed;
  const flights = createFlights(options, look);

  function look(): void {
    const receiver = options.receiver();
    if (isStopped || receiver === undefined || !handshake.isDone(receiver)) return;
    const now = clock.now();
    for (const batch of nextBatches(reports, options, flights, now)) {
      void flights.start(receiver, batch);
    }
    const nextAt = reports.nextDueAfter(options.target, now);
    if (nextAt !== undefined) setAlarm(nextAt - now);
  }

  return {
    look,
    async deliverNow(report) {
      const receiver = options.receiver();
      if (receiver === undefined || !handshake.isDone(receiver)) return;
      if (!flights.has(report.number)) await flights.start(receiver, [report]);
    },
    receiverChanged() {
      handshake.forget();
      look();
    },
    async settled() {
      look();
      while (flights.count > 0 || handshake.underWay) {
        await Promise.all([handshake.underWay, flights.all()]);
      }
    },
    async stop() {
      isStopped = true;
      flights.cutOff();
      cancelAlarm();
      await Promise.all([handshake.underWay, flights.all()]);
    },
  };
}
