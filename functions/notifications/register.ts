/** Notifications: place → release → process → send → record, and the status feed. Read top to bottom. */
import type { app as functionApp } from "@azure/functions";
import type { Clock } from "../kernel/ports.ts";
import type { EndpointPorts } from "../platform/http/endpoint.ts";

/** Everything that the steps of this context need; each step names its own part. */
export interface NotificationsPorts extends EndpointPorts {
  readonly clock: Clock;
}

export function registerNotifications(_app: typeof functionApp, _ports: NotificationsPorts): void {
  // grows with the flow
}
