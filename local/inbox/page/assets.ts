/** The style sheet and the script of the pages. */
import type { HttpAnswer } from "../http/exchange.ts";

const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #faf8f4; --card: #fff; --ink: #1f2328; --soft: #57606a; --line: #d5d0c5; --link: #0b5cad; --band: #23343b; --band-ink: #fff;
  --good: #1a6334; --good-paper: #e2f3e6; --bad: #9b1c1c; --bad-paper: #fbe6e4; --wait: #6b4a00; --wait-paper: #fbf0d0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181b; --card: #1d2327; --ink: #e8e6e1; --soft: #a9b1b8; --line: #3a4248; --link: #8cc0ff; --band: #0d2129;
    --good: #9be3b0; --good-paper: #173522; --bad: #ffb3ab; --bad-paper: #43201d; --wait: #f3d98b; --wait-paper: #3b3013;
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
nav a { display: inline-block; padding: 0.25rem 0; }
main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
footer { color: var(--soft); font-size: 0.9rem; padding-block: 1rem 2rem; }
.title { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 1rem; }
.live { display: none; margin: 0; }
.scripted .live { display: block; }
h1 { font-size: 1.6rem; margin: 1rem 0; line-height: 1.25; }
h2 { font-size: 1.1rem; margin: 1.25rem 0 0.25rem; line-height: 1.3; }
.filter { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; }
.filter label { display: block; font-size: 0.9rem; color: var(--soft); }
input, select, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: 0.3rem; padding: 0.4rem 0.6rem; max-width: 100%; }
button { background: var(--band); color: var(--band-ink); border-color: var(--band); cursor: pointer; }
input[type="checkbox"] { width: 1.1rem; height: 1.1rem; vertical-align: -0.15rem; }
.messages { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.75rem; }
.messages > li { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem 1rem; min-width: 0; }
.messages h2 { margin: 0.25rem 0; }
.messages p { margin: 0.25rem 0; }
.meta { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: center; color: var(--soft); font-size: 0.9rem; }
.channel { font-weight: 700; color: var(--ink); }
.status { display: inline-block; padding: 0 0.5rem; border-radius: 1rem; font-weight: 600; font-size: 0.9rem; }
.good { color: var(--good); background: var(--good-paper); }
.bad { color: var(--bad); background: var(--bad-paper); }
.waiting { color: var(--wait); background: var(--wait-paper); }
.to, .excerpt { color: var(--soft); }
.empty { background: var(--card); border: 1px dashed var(--soft); border-radius: 0.5rem; padding: 0.5rem 1rem; }
summary { cursor: pointer; padding: 0.2rem 0; }
.history { margin: 0.25rem 0; padding-left: 1.5rem; }
.history time { color: var(--soft); }
dl { margin: 0.5rem 0; }
dl > div { display: flex; flex-wrap: wrap; gap: 0 0.75rem; }
dt { color: var(--soft); min-width: 9rem; }
dd { margin: 0; min-width: 0; flex: 1 1 12rem; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9rem; }
td code { white-space: nowrap; display: block; }
.text { background: var(--card); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.75rem; white-space: pre-wrap; max-height: 24rem; overflow: auto; }
iframe { width: 100%; height: 24rem; border: 1px solid var(--line); border-radius: 0.5rem; background: #fff; color-scheme: light; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); }
`;

/** Waits for a change, fetches this page again and puts its live part in the place of the old one. */
const SCRIPT = `
const follow = document.getElementById("follow");
document.documentElement.classList.add("scripted");
let version = "";

const openKeys = () => new Set([...document.querySelectorAll("details[open][data-key]")].map((one) => one.dataset.key));

async function refresh() {
  const response = await fetch(location.href);
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("live");
  const old = document.getElementById("live");
  if (!fresh || !old || old.contains(document.activeElement) && document.activeElement.tagName === "INPUT") return;
  const open = openKeys();
  for (const one of fresh.querySelectorAll("details[data-key]")) one.open = open.has(one.dataset.key);
  const focused = document.activeElement?.getAttribute("href");
  old.replaceWith(document.adoptNode(fresh));
  if (focused) [...fresh.querySelectorAll("a")].find((one) => one.getAttribute("href") === focused)?.focus();
}

async function watch() {
  for (;;) {
    if (!follow.checked || document.hidden) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      continue;
    }
    try {
      const answer = await (await fetch("/changes?wait=25&since=" + version)).json();
      if (version !== "" && answer.version !== version && follow.checked) await refresh();
      version = answer.version;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}
watch();
`;

const asset = (contentType: string, body: string): HttpAnswer => ({
  status: 200,
  headers: { "content-type": `${contentType}; charset=utf-8`, "cache-control": "no-cache" },
  body,
});

export const style = asset("text/css", STYLE);
export const script = asset("text/javascript", SCRIPT);
