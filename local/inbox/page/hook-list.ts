/** The webhook calls that were captured, newest first. */
import type { HttpAnswer } from "../http/exchange.ts";
import type { HookCall, HookFilter } from "../store/hooks.ts";
import { html, type Html } from "../../html.ts";
import { renderPage, renderTime } from "./layout.ts";

const pretty = (body: unknown): string =>
  typeof body === "string" ? body : JSON.stringify(body, undefined, 2);

const renderHeader = ([name, value]: readonly [string, string]): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;

const renderCall = ({
  number,
  name,
  at,
  method,
  target,
  headers,
  body,
  signature,
  answer,
}: HookCall): Html =>
  html`<li>
    <article aria-labelledby="call-${number}">
      <p class="meta">
        <span class="channel">${method}</span>
        <span class="status ${answer.startsWith("2") ? "good" : "bad"}">answered ${answer}</span>
        ${renderTime(at)}
      </p>
      <h2 id="call-${number}">${name}</h2>
      <p class="to"><code>${target}</code>${signature === undefined ? "" : ", signed"}</p>
      <pre class="text">${pretty(body)}</pre>
      <details data-key="headers-${number}">
        <summary>Headers</summary>
        <dl class="facts">${Object.entries(headers).map(renderHeader)}</dl>
      </details>
    </article>
  </li>`;

const renderEmpty = (url: string): Html =>
  html`<div class="empty">
    <p>Nothing here. Subscribe with an end point such as</p>
    <p><code>${url}/hooks/my-hook</code></p>
    <p>
      and every call is kept and answered with 200. <code>?status=500</code>,
      <code>?delay=2000</code> (milliseconds) and <code>?hang</code> change the answer;
      <code>&amp;from=2&amp;times=1</code> does so for the second call only.
    </p>
  </div>`;

export function renderHookList(
  calls: readonly HookCall[],
  { name = "" }: HookFilter,
  url: string,
): HttpAnswer {
  return renderPage({
    path: "/webhooks",
    title: "Webhooks",
    isLive: true,
    body: html`<form class="filter" action="/webhooks" method="get" role="search">
        <div>
          <label for="name">Name</label>
          <input id="name" name="name" type="search" value="${name}" autocomplete="off" />
        </div>
        <button type="submit">Show</button>
      </form>
      <div id="live">
        <p role="status">${calls.length === 1 ? "1 call" : `${calls.length} calls`}</p>
        ${
          calls.length === 0
            ? renderEmpty(url)
            : html`<ol class="messages">
                ${calls.map(renderCall)}
              </ol>`
        }
      </div>`,
  });
}
