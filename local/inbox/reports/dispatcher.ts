/** Sends reports when they fall due: to whom, a few at a time, again where they were not taken. */
import type { Clock } from "../../clock.ts";
import { deliverLinkReports } from "../link/report.ts";
import type { SettingsHolder } from "../settings.ts";
import type { MessageStore } from "../store/messages.ts";
import type { QueuedReport, ReportQueue, ReportTarget } from "../store/report-queue.ts";
import { deliverEvent, validateReceiver } from "./event-grid.ts";
import { createLane, type Lane } from "./lane.ts";
import type { Patience } from "./post.ts";
import { recordAttempts } from "./record-attempts.ts";
import { type Attempt, eventGridSchedule, linkSchedule } from "./schedule.ts";

/** Where reports go. */
export interface ReportTargets {
  /** Event Grid webhook for reports on e-mail. */
  readonly email?: string;
  /** Receiver of LINK Mobility's reports. */
  readonly sms?: string;
  /** The `Authorization` header of LINK Mobility's reports. */
  readonly smsAuthorization?: string;
  /** Event Grid webhook for reports on SMS that were sent through Azure. */
  readonly acsSms?: string;
}

export interface DispatcherPorts {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly settings: SettingsHolder;
  readonly messages: MessageStore;
  readonly reports: ReportQueue;
  readonly changed: () => void;
  /** Used where the targets name none. */
  readonly smsAuthorization: string | undefined;
}

export interface Dispatcher {
  /** Until then reports wait. The receivers of Event Grid are asked for their consent first. */
  readonly setTargets: (targets: ReportTargets) => void;
  readonly targets: ReportTargets;
  /** Tells that reports were added; @param early are sent before this ends */
  added(early: readonly QueuedReport[]): Promise<void>;
  /** When nothing that is due waits or is under way any more. */
  readonly settled: () => Promise<void>;
  stop(): Promise<void>;
}

const MAX_EVENTS_UNDER_WAY = 16;
const MAX_LINK_CALLS_UNDER_WAY = 4;

interface Lanes {
  readonly email: Lane;
  readonly sms: Lane;
  readonly "acs-sms": Lane;
}

const patienceOf = (settings: SettingsHolder, stopping: AbortSignal): Patience => ({
  get patienceInMs() {
    return settings.current.patienceInMs;
  },
  stopping,
});

function createLanes(
  ports: DispatcherPorts,
  targets: () => ReportTargets,
  stopping: AbortSignal,
): Lanes {
  const { settings } = ports;
  const patience = patienceOf(settings, stopping);
  const io = { clock: ports.clock, newId: ports.newId, patience };
  const record =
    (schedule: typeof linkSchedule) =>
    (reports: readonly QueuedReport[], attempts: readonly Attempt[]) => {
      recordAttempts(ports, schedule, reports, attempts);
    };

  const eventGridLane = (target: ReportTarget, url: () => string | undefined): Lane =>
    createLane(ports, {
      target,
      receiver: url,
      maxUnderWay: MAX_EVENTS_UNDER_WAY,
      batchSize: () => 1,
      validate: (receiver) => validateReceiver(io, receiver, settings.current.reportSchema),
      deliver: (receiver, reports) =>
        Promise.all(
          reports.map((report) =>
            deliverEvent(io, receiver, report, settings.current.reportSchema),
          ),
        ),
      record: record(eventGridSchedule),
    });

  return {
    email: eventGridLane("email", () => targets().email),
    "acs-sms": eventGridLane("acs-sms", () => targets().acsSms),
    sms: createLane(ports, {
      target: "sms",
      receiver: () => targets().sms,
      maxUnderWay: MAX_LINK_CALLS_UNDER_WAY,
      batchSize: () => settings.current.reportsPerCall,
      deliver: (url, reports) =>
        deliverLinkReports(
          patience,
          { url, authorization: targets().smsAuthorization ?? ports.smsAuthorization },
          reports,
        ),
      record: record(linkSchedule),
    }),
  };
}

export function createDispatcher(ports: DispatcherPorts): Dispatcher {
  const stopping = new AbortController();
  let targets: ReportTargets = {};
  const lanes = createLanes(ports, () => targets, stopping.signal);
  const all = Object.values(lanes) as readonly Lane[];

  return {
    get targets() {
      return targets;
    },
    setTargets(next) {
      targets = next;
      for (const lane of all) lane.receiverChanged();
    },
    async added(early) {
      await Promise.all(early.map((report) => lanes[report.target].deliverNow(report)));
      for (const lane of all) lane.look();
    },
    async settled() {
      await Promise.all(all.map((lane) => lane.settled()));
    },
    async stop() {
      stopping.abort();
      await Promise.all(all.map((lane) => lane.stop()));
    },
  };
}
