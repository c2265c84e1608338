/**
 * Delivery reports of the LINK Mobility gateway: XML with one or more messages (ES-D10: all of them count).
 *
 * @see https://wiki.pswin.com/Gateway%20XML%20API.ashx
 */
import { XMLParser } from "fast-xml-parser";
import { Temporal } from "temporal-polyfill";
import { escapeXml } from "../../platform/escape-xml.ts";
import { gatewayStatusOf } from "../domain/provider-words.ts";
import type { DeliveryReport } from "../use-cases/record-delivery.ts";

/** A report, and the number under which it is to be acknowledged. */
export interface NumberedReport {
  readonly id: string;
  readonly report: DeliveryReport;
}

/** What a report's body came to. */
export type SmsReports =
  | { readonly kind: "reports"; readonly reports: readonly NumberedReport[] }
  | { readonly kind: "malformed"; readonly reason: string };

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  // Entities of a report's own would be a way to make us work: it has none.
  processEntities: false,
  isArray: (name) => name === "MSG",
});

interface Message {
  readonly ID?: unknown;
  readonly REF?: unknown;
  readonly RCV?: unknown;
  readonly STATE?: unknown;
  readonly DELIVERYTIME?: unknown;
}

/** An element that holds elements, or is there twice, is no text. */
const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

const timePattern = /^(\d{4})\.(\d{2})\.(\d{2}) (\d{2}):(\d{2}):(\d{2})$/;

/** The gateway's times are Norwegian wall clock; without a usable one the time of hearing serves. */
function timeOf(text: string | undefined, heardAt: number): number {
  const [, year, month, day, hour, minute, second] = (timePattern.exec(text ?? "") ?? []).map(
    Number,
  );
  if (year === undefined || month === undefined || day === undefined) return heardAt;
  try {
    const time = { year, month, day, hour: hour ?? 0, minute: minute ?? 0, second: second ?? 0 };
    // Without this the calendar would bend a thirteenth month into a twelfth.
    return Temporal.ZonedDateTime.from({ timeZone: "Europe/Oslo", ...time }, { overflow: "reject" })
      .epochMilliseconds;
  } catch {
    return heardAt; // not a time of any calendar
  }
}

function toReport(message: Message, heardAt: number): NumberedReport | undefined {
  const state = textOf(message.STATE);
  if (state === undefined || !textOf(message.RCV)) return undefined;
  const status = gatewayStatusOf(state);
  return {
    id: textOf(message.ID) ?? "",
    report: {
      provider: "link-mobility",
      reference: textOf(message.REF) ?? "",
      at: timeOf(textOf(message.DELIVERYTIME), heardAt),
      detail: state,
      ...(status !== undefined && { status }),
    },
  };
}

/** The document type names a file of the gateway's; nothing is fetched for it. */
const withoutDocumentType = (xml: string): string => xml.replace(/<!DOCTYPE[^>[]*>/i, "");

const messagesOf = (xml: string): readonly Message[] | undefined => {
  // The parser makes something of a text that breaks off, too.
  if (!/<\/MSGLST>\s*$/.test(xml)) return undefined;
  try {
    const { MSGLST } = parser.parse(xml) as { MSGLST?: { MSG?: readonly Message[] } };
    return MSGLST?.MSG ?? [];
  } catch {
    return undefined; // not XML: told to the gateway as such
  }
};

/** Reads a report. All of its messages must be usable, or none is. */
export function smsReportsIn(body: string, heardAt: number): SmsReports {
  if (body.trim() === "") return { kind: "malformed", reason: "Error: Content is empty" };
  const messages = messagesOf(withoutDocumentType(body));
  if (!messages) return { kind: "malformed", reason: "Error: The content is not XML" };
  if (messages.length === 0) return { kind: "malformed", reason: "Error: There is no MSG" };
  const reports = messages.flatMap((message) => toReport(message, heardAt) ?? []);
  return reports.length === messages.length
    ? { kind: "reports", reports }
    : { kind: "malformed", reason: "Error: A MSG lacks RCV or STATE" };
}

/** What the gateway waits for; a message that is not acknowledged is reported again. */
export const acknowledgementOf = (ids: readonly string[]): string => {
  const messages = ids.map((id) => `<MSG><ID>${escapeXml(id)}</ID><STATUS>OK</STATUS></MSG>`);
  return `<?xml version="1.0"?><MSGLST>${messages.join("")}</MSGLST>`;
};
