/** The gateway's delivery reports: XML posted to whoever sent the messages, and what is answered to it. */
import { z } from "zod";
import { callReceiver, causeOf, type Patience } from "../reports/post.ts";
import type { Attempt } from "../reports/schedule.ts";
import type { LinkPayload, QueuedReport } from "../store/report-queue.ts";
import { escapeXml, parseXml } from "./xml.ts";

const localTime = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/Oslo",
  dateStyle: "short",
  timeStyle: "medium",
});

/** `2006.02.23 15:23:23`; the zone is not documented, so it is Norway's. */
const formatTime = (at: number): string => localTime.format(at).replaceAll("-", ".");

const renderMessage = (payload: LinkPayload, id: number): string =>
  `<MSG><ID>${id}</ID><REF>${escapeXml(payload.reference)}</REF><RCV>${escapeXml(payload.receiver)}</RCV>` +
  `<STATE>${escapeXml(payload.state)}</STATE><DELIVERYTIME>${formatTime(payload.deliveredAt)}</DELIVERYTIME></MSG>`;

function renderReports(reports: readonly QueuedReport[]): string {
  const messages = reports.map(({ payload }, index) => {
    if (payload.kind === "raw") return payload.body;
    return payload.kind === "link" ? renderMessage(payload, index + 1) : "";
  });
  return `<?xml version="1.0"?><!DOCTYPE MSGLST SYSTEM "pswincom_report_request.dtd"><MSGLST>${messages.join("")}</MSGLST>`;
}

const answerSchema = z.object({
  MSGLST: z.object({ MSG: z.array(z.object({ ID: z.string(), STATUS: z.string() })) }),
});

/** @returns the ids that were taken */
function takenIds(text: string): ReadonlySet<string> {
  try {
    const { MSGLST: list } = answerSchema.parse(parseXml(text));
    return new Set(
      list.MSG.filter(({ STATUS }) => STATUS.trim() === "OK").map(({ ID }) => ID.trim()),
    );
  } catch {
    return new Set();
  }
}

/** @returns how it ended for each report, in their order: every MSG is acknowledged by itself */
export async function deliverLinkReports(
  patience: Patience,
  target: { readonly url: string; readonly authorization: string | undefined },
  reports: readonly QueuedReport[],
): Promise<readonly Attempt[]> {
  try {
    const { status, text } = await callReceiver(
      target.url,
      {
        method: "POST",
        headers: {
          "content-type": "application/xml; charset=iso-8859-1",
          ...(target.authorization !== undefined && { authorization: target.authorization }),
        },
        body: renderReports(reports),
      },
      patience,
    );
    const taken = status === 200 ? takenIds(text) : new Set();
    return reports.map((_, index) => {
      const isTaken = taken.has(String(index + 1));
      const isUnacknowledged = status === 200 && !isTaken;
      return {
        isTaken,
        status,
        outcome: isUnacknowledged ? "HTTP 200 without STATUS OK" : `HTTP ${status}`,
      };
    });
  } catch (error) {
    return reports.map(() => ({ isTaken: false, outcome: causeOf(error) }));
  }
}
