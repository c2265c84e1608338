/** The first page: what was captured, newest first. */
import type { HttpAnswer } from "../http/exchange.ts";
import type { CapturedMessage } from "../store/captured-message.ts";
import type { MessageFilter } from "../store/messages.ts";
import { html, type Html } from "../../html.ts";
import { renderPage, renderTime } from "./layout.ts";
import { channelName, excerptOf, renderHistory, renderStatus } from "./message-parts.ts";
import { renderReferences } from "./references.ts";

const option = (value: string, title: string, chosen: string): Html =>
  value === chosen
    ? html`<option value="${value}" selected>${title}</option>`
    : html`<option value="${value}">${title}</option>`;

const renderFilter = (
  { channel = "email", search = "" }: MessageFilter,
  hasChannel: boolean,
): Html => {
  const chosen = hasChannel ? channel : "";
  return html`<form class="filter" action="/" method="get" role="search">
    <div>
      <label for="channel">Channel</label>
      <select id="channel" name="channel">
        ${option("", "All", chosen)} ${option("email", "E-mail", chosen)}
        ${option("sms", "SMS", chosen)}
      </select>
    </div>
    <div>
      <label for="q">Recipient contains</label>
      <input id="q" name="q" type="search" value="${search}" autocomplete="off" />
    </div>
    <button type="submit">Show</button>
  </form>`;
};

function renderItem(message: CapturedMessage, host: string | undefined): Html {
  const { number, to, subject, status, acceptedAt, history, attachments } = message;
  const references = renderReferences(message, host);
  const heading = subject ?? excerptOf(message);
  return html`<li>
    <article aria-labelledby="message-${number}">
      <p class="meta">
        <span class="channel">${channelName(message)}</span> ${renderStatus(status)}
        ${renderTime(acceptedAt)}
      </p>
      <h2 id="message-${number}"><a href="/view/${number}">${heading}</a></h2>
      <p class="to">To ${to.join(", ")}</p>
      ${subject === undefined ? undefined : html`<p class="excerpt">${excerptOf(message)}</p>`}
      ${attachments.length > 0 ? html`<p>${attachments.length} attached</p>` : undefined}
      ${references.length > 0 ? html`<dl class="references">${references}</dl>` : undefined}
      <details data-key="history-${number}">
        <summary>History (${history.length})</summary>
        ${renderHistory(history)}
      </details>
    </article>
  </li>`;
}

const nothingYet = html`<div class="empty">
  <p>
    Nothing here. What Budstikke sends by e-mail or SMS appears here instead of leaving the machine.
  </p>
  <p>
    <code>bounced@example.com</code> or <code>+47 99 99 99 01</code> as a recipient force a failure:
    <a href="/help">all of them</a>.
  </p>
</div>`;

export function renderMessageList(
  messages: readonly CapturedMessage[],
  filter: MessageFilter,
  host: string | undefined,
): HttpAnswer {
  const items = messages.map((message) => renderItem(message, host));
  return renderPage({
    path: "/",
    title: "Messages",
    isLive: true,
    body: html`${renderFilter(filter, filter.channel !== undefined)}
      <div id="live">
        <p role="status">${messages.length === 1 ? "1 message" : `${messages.length} messages`}</p>
        ${
          items.length === 0
            ? nothingYet
            : html`<ol class="messages">
                ${items}
              </ol>`
        }
      </div>`,
  });
}
