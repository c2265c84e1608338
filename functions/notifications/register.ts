/** Notifications: place → release → process → send → record, and the status feed. Read top to bottom. */
import type { app as functionApp } from "@azure/functions";
import { openApiHttp, recordRoutes } from "../platform/http/openapi.ts";
import type { OrderStore } from "./domain/ports.ts";
import { type OperationsPorts, registerOperations } from "./register-operations.ts";
import { type OrderingPorts, registerOrdering } from "./register-ordering.ts";
import { type ProcessingPorts, registerProcessing } from "./register-processing.ts";
import { type ReadingPorts, registerReading } from "./register-reading.ts";
import { registerSending, type SendingPorts } from "./register-sending.ts";

/** Everything that the steps of this context need; each step names its own part. */
export interface NotificationsPorts
  extends OrderingPorts, ProcessingPorts, SendingPorts, ReadingPorts, OperationsPorts {
  readonly orders: OrderStore;
}

export function registerNotifications(app: typeof functionApp, ports: NotificationsPorts): void {
  const recorded = recordRoutes(app);
  registerOrdering(recorded.app, ports);
  registerProcessing(recorded.app, ports);
  registerSending(recorded.app, ports);
  registerReading(recorded.app, ports);
  registerOperations(recorded.app, ports);
  const info = { title: "Budstikke: notifications", version: "v1", url: ports.baseUrl };
  recorded.app.http("NotificationsOpenApi", {
    methods: ["GET"],
    route: "notifications/api/v1/openapi.json",
    authLevel: "anonymous",
    handler: openApiHttp(ports, info, recorded.routes),
  });
}
