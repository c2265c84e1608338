/** The frame of every page, and its style sheet. No script. */
import { html, type Html } from "../html.ts";

export const style = `
:root {
  color-scheme: light dark;
  --paper: #faf8f4; --card: #fff; --ink: #1f2328; --soft: #57606a; --line: #d5d0c5; --link: #0b5cad; --band: #23343b; --band-ink: #fff;
  --bar: #2f6f8f; --call: #8a6d1d; --bad: #9b1c1c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181b; --card: #1d2327; --ink: #e8e6e1; --soft: #a9b1b8; --line: #3a4248; --link: #8cc0ff; --band: #0d2129;
    --bar: #6db3d4; --call: #d9b655; --bad: #ffb3ab;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 0.5rem; top: 0.5rem; background: var(--card); padding: 0.5rem; }
header { background: var(--band); color: var(--band-ink); padding: 0.75rem 1rem; display: flex; flex-wrap: wrap; gap: 0.25rem 2rem; align-items: baseline; }
header a { color: inherit; }
header a[aria-current] { text-decoration: none; font-weight: 700; border-bottom: 3px solid; }
.brand { margin: 0; font-weight: 700; font-size: 1.1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0 1.25rem; list-style: none; margin: 0; padding: 0; }
main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
footer { color: var(--soft); font-size: 0.9rem; padding-block: 1rem 2rem; }
h1 { font-size: 1.6rem; margin: 1rem 0; line-height: 1.25; }
h2 { font-size: 1.1rem; margin: 1.25rem 0 0.25rem; }
.traces, .spans { list-style: none; margin: 0; padding: 0; }
.traces > li { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.5rem 1rem; margin-bottom: 0.5rem; }
.traces a { font-weight: 600; }
.meta { color: var(--soft); font-size: 0.9rem; display: flex; flex-wrap: wrap; gap: 0 0.75rem; }
.failed { color: var(--bad); font-weight: 600; }
.spans { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.25rem 0.75rem; }
.spans > li { border-bottom: 1px solid var(--line); padding: 0.3rem 0; }
.spans > li:last-child { border-bottom: 0; }
.d1 { padding-left: 0.6rem; } .d2 { padding-left: 1.2rem; } .d3 { padding-left: 1.8rem; }
.d4 { padding-left: 2.4rem; } .d5 { padding-left: 3rem; } .d6 { padding-left: 3.6rem; }
.line { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; }
.name { font-weight: 600; }
svg { display: block; width: 100%; height: 0.6rem; background: var(--paper); border-radius: 0.2rem; }
svg rect { fill: var(--bar); } svg .client { fill: var(--call); } svg .bad { fill: var(--bad); }
summary { cursor: pointer; color: var(--soft); font-size: 0.9rem; }
dl { margin: 0.25rem 0; font-size: 0.9rem; } dl > div { display: flex; flex-wrap: wrap; gap: 0 0.75rem; }
dt { color: var(--soft); } dd { margin: 0; }
code { font-family: ui-monospace, monospace; font-size: 0.9rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); font-size: 0.9rem; padding-bottom: 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
@media (max-width: 34rem) {
  thead { position: absolute; left: -9999px; }
  tr { display: block; border-bottom: 1px solid var(--line); padding: 0.35rem 0; }
  td, td.number { display: block; border: 0; padding: 0; text-align: left; }
}
.empty { background: var(--card); border: 1px dashed var(--soft); border-radius: 0.5rem; padding: 0.5rem 1rem; }
`;

const pages = [
  { path: "/", title: "Traces" },
  { path: "/metrics", title: "Metrics" },
] as const;

/** @param path of the page in the menu that it belongs to */
export function renderPage(path: string, title: string, body: Html): string {
  const menu = pages.map((page) =>
    page.path === path
      ? html`<li><a href="${page.path}" aria-current="page">${page.title}</a></li>`
      : html`<li><a href="${page.path}">${page.title}</a></li>`,
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Budstikke telemetry</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/telemetry.css" />
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        <header>
          <p class="brand">Budstikke telemetry</p>
          <nav aria-label="Pages">
            <ul>
              ${menu}
            </ul>
          </nav>
        </header>
        <main id="main">
          <h1>${title}</h1>
          ${body}
        </main>
        <footer>
          <p>
            Kept in memory until the stack stops. The same as JSON:
            <a href="/api/traces">/api/traces</a>, <a href="/api/metrics">/api/metrics</a>.
          </p>
        </footer>
      </body>
    </html>`.markup;
}
