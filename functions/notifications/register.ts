/** Notifications: place → release → process → send → record, and the status feed. Read top to bottom. */
import type { app as functionApp } from "@azure/functions";
import type { OrderStore } from "./domain/ports.ts";
import { type OrderingPorts, registerOrdering } from "./register-ordering.ts";
import { type ProcessingPorts, registerProcessing } from "./register-processing.ts";
import { type ReadingPorts, registerReading } from "./register-reading.ts";
import { registerSending, type SendingPorts } from "./register-sending.ts";

/** Everything that the steps of this context need; each step names its own part. */
export interface NotificationsPorts
  extends OrderingPorts, ProcessingPorts, SendingPorts, ReadingPorts {
  readonly orders: OrderStore;
}

export function registerNotifications(app: typeof functionApp, ports: NotificationsPorts): void {
  registerOrdering(app, ports);
  registerProcessing(app, ports);
  registerSending(app, ports);
  registerReading(app, ports);
}
