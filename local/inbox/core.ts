/** What the parts of the inbox share. */
import type { Clock } from "../clock.ts";
import type { FaultSource } from "./outcomes/faults.ts";
import type { Dispatcher } from "./reports/dispatcher.ts";
import type { SettingsHolder } from "./settings.ts";
import type { CallStore } from "./store/calls.ts";
import type { Database } from "./store/database.ts";
import type { MessageStore } from "./store/messages.ts";
import type { ReportQueue } from "./store/report-queue.ts";

export interface InboxCore {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly settings: SettingsHolder;
  readonly database: Database;
  readonly messages: MessageStore;
  readonly calls: CallStore;
  readonly reports: ReportQueue;
  readonly faults: FaultSource;
  readonly dispatcher: Dispatcher;
  /** Tells those who wait that something was captured or has changed. */
  readonly changed: () => void;
}
