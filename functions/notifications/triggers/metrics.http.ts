/** GET and POST /metrics: a month by creator. POST /metrics/sms and /metrics/email: what ended yesterday, as a file. */
import { createHash } from "node:crypto";
import type { HttpHandler, HttpResponseInit } from "@azure/functions";
import { z } from "zod";
import { open } from "../../platform/auth/policies.ts";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import type { Channel } from "../domain/order.ts";
import {
  countMonth,
  makeMetricsFile,
  type ReportMetricsPorts,
  yesterdayOf,
} from "../use-cases/report-metrics.ts";
import { wrong } from "./about-orders.ts";
import { invalidRequest } from "./answers.ts";
import { refuseKey } from "./api-key.ts";
import { formPage, type Month, monthPage } from "./metrics-page.ts";
import { mayInspect, supportScopes } from "./operator.ts";

export interface MetricsHttpPorts extends EndpointPorts, ReportMetricsPorts {
  /** Of whoever fetches the files; absent where nobody may. */
  readonly metricsApiKey?: string;
}

const html = (body: string): HttpResponseInit => ({
  status: 200,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
  },
  body,
});

const aboutPage = (summary: string): OperationAbout => ({
  summary,
  tag: "Metrics",
  scopes: supportScopes,
  answers: {
    200: { description: "A page.", content: { "text/html": z.string() } },
    ...wrong,
  },
});

const aboutForm = aboutPage("Choose a month");

const aboutMonth: OperationAbout = {
  ...aboutPage("What the creators had sent of what was requested for a month"),
  body: {
    "application/x-www-form-urlencoded": z.object({
      month: z.int().min(1).max(12),
      year: z.int(),
    }),
  },
};

const monthNow = (now: number): Month => {
  const date = new Date(now);
  return { month: date.getUTCMonth() + 1, year: date.getUTCFullYear() };
};

export const metricsFormHttp = (ports: MetricsHttpPorts): HttpHandler =>
  endpoint({ ...mayInspect, about: aboutForm }, ports, () => {
    const present = monthNow(ports.clock.now());
    return Promise.resolve(html(formPage(present, present.year)));
  });

const readMonth = (body: string): Month | undefined => {
  const form = new URLSearchParams(body);
  const [month, year] = [Number(form.get("month")), Number(form.get("year"))];
  const isOne =
    Number.isInteger(month) && month >= 1 && month <= 12 && Number.isInteger(year) && year >= 2000;
  return isOne && year <= 9999 ? { month, year } : undefined;
};

export const metricsOfMonthHttp = (ports: MetricsHttpPorts): HttpHandler =>
  endpoint(
    { ...mayInspect, takes: "form", about: aboutMonth },
    ports,
    async ({ body, traceparent }) => {
      const chosen = readMonth(body);
      if (!chosen) {
        return invalidRequest({ month: ["Month and year must be given."] }, traceparent);
      }
      const month = `${chosen.year}-${String(chosen.month).padStart(2, "0")}`;
      const { year } = monthNow(ports.clock.now());
      return html(monthPage(chosen, year, await countMonth(ports, month)));
    },
  );

const aboutFile = (channel: Channel): OperationAbout => ({
  summary: `What ended yesterday (UTC) of ${channel} notifications, as Parquet`,
  tag: "Metrics",
  headers: z.object({ "X-API-Key": z.string() }),
  answers: {
    200: {
      description: "The file.",
      content: { "application/octet-stream": z.string().meta({ format: "binary" }) },
      headers: z.object({
        "X-File-Hash": z.string().describe("MD5, base64."),
        "X-File-Size": z.string(),
        "X-Total-FileTransfer-Count": z.string().describe("Rows."),
        "X-Generated-At": z.string(),
        "X-Environment": z.string(),
      }),
    },
    401: {
      description: "The key is missing or wrong.",
      content: { "application/json": z.object({ error: z.string() }) },
    },
  },
});

/** As .NET writes a time in UTC in its round-trip format. */
const roundTrip = (at: number): string => new Date(at).toISOString().replace("Z", "0000Z");

export const metricsFileHttp = (ports: MetricsHttpPorts, channel: Channel): HttpHandler =>
  endpoint({ access: open, about: aboutFile(channel) }, ports, async ({ http }) => {
    const refused = refuseKey(http, ports.metricsApiKey);
    if (refused) return refused;
    const now = ports.clock.now();
    const { name, bytes, rowCount } = await makeMetricsFile(ports, yesterdayOf(now), channel);
    return {
      status: 200,
      headers: {
        "content-type": "application/octet-stream",
        "content-disposition": `attachment; filename=${name}; filename*=UTF-8''${name}`,
        "x-file-hash": createHash("md5").update(bytes).digest("base64"),
        "x-file-size": String(bytes.byteLength),
        "x-total-filetransfer-count": String(rowCount),
        "x-generated-at": roundTrip(now),
        "x-environment": ports.environmentName,
      },
      body: bytes,
    };
  });
