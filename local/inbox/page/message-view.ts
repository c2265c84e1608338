/** One message in full. */
import type { HttpAnswer } from "../http/exchange.ts";
import type { AttachmentSummary, CapturedMessage } from "../store/captured-message.ts";
import { html, type Html } from "../../html.ts";
import { renderPage, renderTime } from "./layout.ts";
import {
  channelName,
  excerptOf,
  providerName,
  renderHistory,
  renderStatus,
} from "./message-parts.ts";
import { renderReferences } from "./references.ts";

const row = (title: string, value: Html | string | undefined): Html =>
  value === undefined || value === ""
    ? html``
    : html`<div>
        <dt>${title}</dt>
        <dd>${value}</dd>
      </div>`;

const list = (addresses: readonly string[] | undefined): string | undefined =>
  addresses?.join(", ");

function renderFacts(message: CapturedMessage, host: string | undefined): Html {
  const { status, from, to, cc, bcc, replyTo, encoding, timeToLiveInMinutes: ttl, tag } = message;
  const headers = Object.entries(message.headers ?? {});
  return html`<dl class="facts">
    ${row("Status", renderStatus(status))} ${row("From", from)} ${row("To", list(to))}
    ${row("Cc", list(cc))} ${row("Bcc", list(bcc))} ${row("Reply to", list(replyTo))}
    ${row("Accepted", renderTime(message.acceptedAt))} ${row("By", providerName(message))}
    ${row("Id", html`<code>${message.id}</code>`)} ${row("Marked by the sender", tag)}
    ${row("Alphabet", encoding?.toUpperCase())}
    ${row("Time to live", ttl === undefined ? undefined : `${ttl} min${ttl === 0 ? " (the gateway's own)" : ""}`)}
    ${row("Damaged", message.damage?.join("; "))} ${row("Forced outcome", message.forcedOutcome)}
    ${headers.map(([name, value]) => row(name, value))} ${renderReferences(message, host)}
  </dl>`;
}

const renderAttachment = (
  message: number,
  { name, contentType, sizeInBytes }: AttachmentSummary,
  position: number,
): Html =>
  html`<li>
    <a href="/messages/${message}/attachments/${position}" download>${name}</a> (${contentType},
    ${sizeInBytes} bytes)
  </li>`;

function renderAttachments({ number, attachments }: CapturedMessage): Html | undefined {
  if (attachments.length === 0) return undefined;
  return html`<h2>Attachments</h2>
    <ul>
      ${attachments.map((attachment, position) => renderAttachment(number, attachment, position))}
    </ul>`;
}

export function renderMessageView(message: CapturedMessage, host: string | undefined): HttpAnswer {
  const { number, text, subject, html: markup } = message;
  return renderPage({
    path: "/",
    title: subject ?? `${channelName(message)}: ${excerptOf(message)}`,
    isLive: true,
    body: html`<div id="live">
        ${renderFacts(message, host)}
        <h2>History</h2>
        ${renderHistory(message.history)}
      </div>
      ${
        text === undefined
          ? undefined
          : html`<h2>Text</h2>
              <pre class="text">${text}</pre>`
      }
      ${
        markup === undefined
          ? undefined
          : html`<h2>HTML</h2>
              <iframe
                sandbox=""
                src="/view/${number}/html"
                title="The e-mail as HTML"
                loading="lazy"
              ></iframe>`
      }
      ${renderAttachments(message)}
      <p><a href="/messages/${number}">This message as JSON</a></p>`,
  });
}

/** The e-mail's own HTML: no script, no form, no request to anywhere, an origin of its own. */
export const renderEmailHtml = (markup: string): HttpAnswer => ({
  status: 200,
  headers: {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy":
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  },
  body: markup,
});
