/** The parts of a message that more than one page shows. */
import type { CapturedMessage, HistoryEntry } from "../store/captured-message.ts";
import { html, type Html } from "../../html.ts";
import { renderTime } from "./layout.ts";

export const channelName = ({ channel }: Pick<CapturedMessage, "channel">): string =>
  channel === "email" ? "E-mail" : "SMS";

const providerNames = {
  "acs-email": "Azure Communication Services",
  "acs-sms": "Azure Communication Services",
  link: "LINK Mobility",
} as const;

export const providerName = ({ provider }: Pick<CapturedMessage, "provider">): string =>
  providerNames[provider];

const mood = (status: string): "good" | "waiting" | "bad" => {
  if (/^(?:delivered|delivrd)$/i.test(status)) return "good";
  return status === "Accepted" ? "waiting" : "bad";
};

export const renderStatus = (status: string): Html =>
  html`<span class="status ${mood(status)}">${status}</span>`;

const stepNames = {
  accepted: "Accepted",
  repeated: "Sent again",
  report: "Report",
  "dead-letter": "Given up",
} as const;

export const renderHistory = (history: readonly HistoryEntry[]): Html =>
  html`<ol class="history">
    ${history.map(
      ({ at, step, detail }) =>
        html`<li>${renderTime(at)} <strong>${stepNames[step]}</strong> ${detail}</li>`,
    )}
  </ol>`;

const EXCERPT_LENGTH = 160;

/** The HTML of an e-mail is not read: what its tags hide must not show here. */
export function excerptOf({ text = "", html: markup }: CapturedMessage): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  if (line === "" && markup !== undefined) return "(HTML only)";
  return line.length > EXCERPT_LENGTH ? `${line.slice(0, EXCERPT_LENGTH)}…` : line;
}
