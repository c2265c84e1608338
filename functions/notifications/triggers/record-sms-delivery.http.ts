/** POST /notifications/sms/api/v1/reports: the gateway's delivery reports, XML with Basic authentication. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { HttpHandler, HttpRequest, HttpResponseInit } from "@azure/functions";
import { mediaTypeOf, readText } from "../../platform/http/request.ts";
import { withSecurityHeaders } from "../../platform/http/security-headers.ts";
import { inJoiningSpan } from "../../platform/telemetry/spans.ts";
import { type HearReportPorts, hearReport } from "./hear-report.ts";
import { acknowledgementOf, smsReportsIn } from "./sms-report.ts";

/** What the gateway proves itself with. */
export interface ReportAccount {
  readonly user: string;
  readonly password: string;
}

export interface RecordSmsDeliveryPorts extends HearReportPorts {
  readonly reportAccount: ReportAccount;
}

/** A hundred messages of two hundred characters, and ample room. */
const MAX_BODY_IN_BYTES = 256 * 1024;

const mediaTypes = new Set(["application/xml", "text/plain", "text/xml", ""]);

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compared by digest: neither content nor length shows in the time it takes (ES-D16). */
function isGateway(request: HttpRequest, { user, password }: ReportAccount): boolean {
  const sent = /^Basic\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const expected = Buffer.from(`${user}:${password}`).toString("base64");
  return timingSafeEqual(digest(sent), digest(expected));
}

const text = (status: number, body: string): HttpResponseInit => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body,
});

async function answer(
  request: HttpRequest,
  ports: RecordSmsDeliveryPorts,
  name: string,
): Promise<HttpResponseInit> {
  if (!isGateway(request, ports.reportAccount)) return { status: 401 };
  if (!mediaTypes.has(mediaTypeOf(request))) return { status: 415 };
  const body = await readText(request, MAX_BODY_IN_BYTES);
  if (body.kind === "too-large") return { status: 413 };
  if (body.kind === "not-utf8") return text(400, "Error: The content is not UTF-8");
  const read = smsReportsIn(body.text, ports.clock.now());
  if (read.kind === "malformed") return text(400, read.reason);
  for (const { report } of read.reports) {
    await inJoiningSpan({ name, kind: "server" }, () => hearReport(ports, report));
  }
  return {
    status: 200,
    headers: { "content-type": "application/xml; charset=utf-8" },
    body: acknowledgementOf(read.reports.map(({ id }) => id)),
  };
}

export const recordSmsDeliveryHttp =
  (ports: RecordSmsDeliveryPorts): HttpHandler =>
  async (request, { functionName }) => {
    try {
      return withSecurityHeaders(await answer(request, ports, functionName));
    } catch (error) {
      ports.logger.error({}, "A delivery report was not recorded", error);
      return withSecurityHeaders({ status: 500 }); // the gateway brings it again
    }
  };
