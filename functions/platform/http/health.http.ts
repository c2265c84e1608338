/** Health for those who run the service: is the process there, and can it do its work? */
import type { HttpHandler } from "@azure/functions";
import type { Clock } from "../../kernel/ports.ts";
import { type Check, runChecks } from "../health.ts";
import { withSecurityHeaders } from "./security-headers.ts";

export interface HealthPorts {
  readonly clock: Clock;
  readonly checks: Readonly<Record<string, Check>>;
  /** Version and commit of what is running. */
  readonly build: { readonly version: string; readonly commit: string };
}

/** `GET /health`: the reference's answer, which existing probes compare as text. */
export const healthHttp = (): HttpHandler => () =>
  withSecurityHeaders({
    status: 200,
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: "Healthy",
  });

/** `GET /health/live`: the process answers. Asks nobody else. */
export const liveHttp =
  (ports: HealthPorts): HttpHandler =>
  () =>
    withSecurityHeaders({ status: 200, jsonBody: { status: "live", ...ports.build } });

/** `GET /health/ready`: 503 when a dependency is not able; names which, and nothing more about it. */
export const readyHttp =
  (ports: HealthPorts): HttpHandler =>
  async () => {
    const checks = await runChecks(ports.clock, ports.checks);
    const isReady = checks.every(({ state }) => state === "able");
    return withSecurityHeaders({
      status: isReady ? 200 : 503,
      jsonBody: { status: isReady ? "ready" : "not-ready", ...ports.build, checks },
    });
  };
