/** Events: accept → store → project and fan out → push, and the feeds. Read top to bottom. */
import type { app as functionApp } from "@azure/functions";
import type { Clock } from "../kernel/ports.ts";
import type { EndpointPorts } from "../platform/http/endpoint.ts";

/** Everything that the steps of this context need; each step names its own part. */
export interface EventsPorts extends EndpointPorts {
  readonly clock: Clock;
}

export function registerEvents(_app: typeof functionApp, _ports: EventsPorts): void {
  // grows with the flow
}
