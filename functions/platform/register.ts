/** What serves neither context but whoever runs the service. */
import type { app as functionApp } from "@azure/functions";
import { healthHttp, type HealthPorts, liveHttp, readyHttp } from "./http/health.http.ts";

export function registerPlatform(app: typeof functionApp, ports: HealthPorts): void {
  const open = { methods: ["GET" as const], authLevel: "anonymous" as const };
  app.http("Health", { ...open, route: "health", handler: healthHttp() });
  app.http("HealthLive", { ...open, route: "health/live", handler: liveHttp(ports) });
  app.http("HealthReady", { ...open, route: "health/ready", handler: readyHttp(ports) });
}
