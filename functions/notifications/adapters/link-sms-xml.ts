/**
 * The XML of the LINK Mobility gateway (PSWin): requests, answers and delivery reports.
 *
 * @see https://wiki.pswin.com/Gateway%20XML%20API.ashx
 */
import { XMLParser } from "fast-xml-parser";
import { escapeXml } from "../../platform/escape-xml.ts";
import type { OutgoingSms, SendAnswer } from "../domain/provider-ports.ts";
import { segmentsOf } from "../domain/sms-segments.ts";

export interface GatewayAccount {
  readonly user: string;
  readonly password: string;
}

/** Text as UTF-16BE in hexadecimal: what `OP` 9 announces. */
const UNICODE_OPERATION = 9;

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  processEntities: true,
  isArray: (name) => name === "MSG",
});

const toHex = (text: string): string => Buffer.from(text, "utf16le").swap16().toString("hex");

/** With country code and without sign, as the gateway has its receivers. */
const toReceiver = (number: string): string => number.replace(/^\+/, "");

/** The gateway counts in minutes, and takes 0 for its own default: at least one (ES-D09). */
const toMinutes = (seconds: number): number => Math.max(1, Math.ceil(seconds / 60));

const element = (name: string, value: string | number): string =>
  `<${name}>${escapeXml(String(value))}</${name}>`;

export function toRequest({ user, password }: GatewayAccount, sms: OutgoingSms): string {
  const isUnicode = segmentsOf(sms.body).encoding === "UCS-2";
  const message = [
    element("ID", 1),
    element("TEXT", isUnicode ? toHex(sms.body) : sms.body),
    element("SND", sms.sender),
    element("RCV", toReceiver(sms.number)),
    element("TTL", toMinutes(sms.timeToLiveInSeconds)),
    isUnicode ? element("OP", UNICODE_OPERATION) : "",
  ].join("");
  const account = `${element("CLIENT", user)}${element("PW", password)}`;
  return `<?xml version="1.0" encoding="utf-8"?><SESSION>${account}<MSGLST><MSG>${message}</MSG></MSGLST></SESSION>`;
}

interface AnswerMessage {
  readonly REF?: string;
  readonly STATUS?: string;
  readonly INFO?: string;
}

interface Answer {
  readonly SESSION?: {
    readonly LOGON?: string;
    readonly REASON?: string;
    readonly MSGLST?: { readonly MSG?: readonly AnswerMessage[] };
  };
}

const parse = (xml: string): unknown => {
  try {
    return parser.parse(xml) as unknown;
  } catch {
    return undefined; // no XML: told by the absent session
  }
};

function toMessageAnswer({ STATUS, REF = "", INFO = "" }: AnswerMessage): SendAnswer {
  if (STATUS === "OK") return { kind: "accepted", ...(REF !== "" && { reference: REF }) };
  return {
    kind: "rejected",
    status: INFO.startsWith("Invalid RCV") ? "Failed_InvalidRecipient" : "Failed",
    // The gateway repeats the number in its text.
    detail: INFO.replace(/'[^']*'/g, "'…'"),
  };
}

/** What an answer with status 200 says. One that cannot be read leaves open whether the SMS was taken. */
export function toSendAnswer(xml: string): SendAnswer {
  const session = (parse(xml) as Answer | undefined)?.SESSION;
  if (!session) return { kind: "unknown", reason: "The SMS gateway's answer is not readable" };
  if (session.LOGON !== "OK") {
    // Our account, not the message: it waits until somebody has mended that (ES-D07).
    return { kind: "unavailable", reason: `The SMS gateway refuses us: ${session.REASON ?? ""}` };
  }
  const [message] = session.MSGLST?.MSG ?? [];
  if (!message) return { kind: "unknown", reason: "The SMS gateway's answer has no message" };
  return toMessageAnswer(message);
}
