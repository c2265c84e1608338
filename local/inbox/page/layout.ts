/** What every page of the inbox has in common. */
import type { HttpAnswer } from "../http/exchange.ts";
import { html, type Html } from "../../html.ts";

const PAGES = [
  { path: "/", title: "Messages" },
  { path: "/webhooks", title: "Webhooks" },
  { path: "/help", title: "Forced outcomes" },
] as const;

export interface Page {
  /** Which entry of the menu is current. */
  readonly path: (typeof PAGES)[number]["path"];
  readonly title: string;
  readonly body: Html;
  /** The part with id "live" is replaced when something has changed. @default false */
  readonly isLive?: boolean;
  readonly status?: number;
}

const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src data:; script-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const;

const liveControl = html`<p class="live">
  <label><input type="checkbox" id="follow" checked /> Show what is new by itself</label>
</p>`;

export function renderPage({ path, title, body, isLive = false, status = 200 }: Page): HttpAnswer {
  const menu = PAGES.map((page) =>
    page.path === path
      ? html`<li><a href="${page.path}" aria-current="page">${page.title}</a></li>`
      : html`<li><a href="${page.path}">${page.title}</a></li>`,
  );
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Budstikke inbox</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/inbox.css" />
        ${isLive ? html`<script src="/inbox.js" defer></script>` : undefined}
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        <header>
          <p class="brand">Budstikke inbox</p>
          <nav aria-label="Pages">
            <ul>
              ${menu}
            </ul>
          </nav>
        </header>
        <main id="main">
          <div class="title">
            <h1>${title}</h1>
            ${isLive ? liveControl : undefined}
          </div>
          ${body}
        </main>
        <footer>
          <p>
            Nothing leaves this machine. The same as JSON: <a href="/messages">/messages</a>,
            <a href="/hooks">/hooks</a>.
          </p>
        </footer>
      </body>
    </html>`;
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8", ...SECURITY_HEADERS },
    body: page.markup,
  };
}

const clockTime = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
});

/** In the machine's own time. */
export const renderTime = (iso: string): Html =>
  html`<time datetime="${iso}">${clockTime.format(Date.parse(iso))}</time>`;
