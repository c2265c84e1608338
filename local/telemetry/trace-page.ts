/** The list of traces, and one trace as a waterfall: what began when, below what, and how long it took. */
import { html, type Html } from "../html.ts";
import { renderPage } from "./layout.ts";
import type { StoredSpan, TraceSummary } from "./span-store.ts";

const clockTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

const renderTime = (at: number): Html =>
  html`<time datetime="${new Date(at).toISOString()}">${clockTime.format(at)}</time>`;

export function renderDuration(inMs: number): string {
  if (inMs < 1) return `${inMs.toFixed(2)} ms`;
  if (inMs < 1000) return `${inMs.toFixed(inMs < 10 ? 1 : 0)} ms`;
  return inMs < 120_000 ? `${(inMs / 1000).toFixed(2)} s` : `${(inMs / 60_000).toFixed(1)} min`;
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

const renderFailures = (count: number): Html | undefined =>
  count === 0 ? undefined : html`<span class="failed">${count} failed</span>`;

const renderSummary = (trace: TraceSummary): Html =>
  html`<li>
    <a href="/traces/${trace.traceId}">${trace.name}</a>
    <div class="meta">
      ${renderTime(trace.startedAt)}
      <span>${renderDuration(trace.durationInMs)}</span>
      <span>${plural(trace.spanCount, "span")}</span>
      ${renderFailures(trace.failureCount)}
    </div>
  </li>`;

export function renderTraceList(traces: readonly TraceSummary[]): string {
  const body =
    traces.length === 0
      ? html`<p class="empty">No traces yet. Publish an event or place an order, and reload.</p>`
      : html`<ul class="traces">
          ${traces.map(renderSummary)}
        </ul>`;
  return renderPage("/", "Traces", body);
}

interface Placed {
  readonly span: StoredSpan;
  readonly depth: number;
}

/** Each below the one that began it; a span whose parent is not here stands on the left. */
export function inTree(spans: readonly StoredSpan[]): readonly Placed[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const childrenOf = new Map<string, StoredSpan[]>();
  for (const span of spans) {
    const parent = span.parentId !== undefined && ids.has(span.parentId) ? span.parentId : "";
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), span]);
  }
  const below = (id: string, depth: number): readonly Placed[] =>
    (childrenOf.get(id) ?? []).flatMap((span) => [
      { span, depth },
      ...below(span.spanId, depth + 1),
    ]);
  return below("", 0);
}

/** Of the drawing; a bar is never thinner than one can see. */
const WIDTH = 1000;
const MIN_BAR = 4;
const MAX_DEPTH = 6;

function renderBar(span: StoredSpan, start: number, total: number): Html {
  const scale = total === 0 ? 0 : WIDTH / total;
  const width = Math.max(MIN_BAR, span.durationInMs * scale);
  const x = Math.min(WIDTH - MIN_BAR, (span.startedAt - start) * scale);
  const look = span.failure === undefined ? span.kind : "bad";
  return html`<svg viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="${look}" x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="10" />
  </svg>`;
}

const renderFact = ([name, value]: readonly [string, string]): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;

const renderLink = (traceId: string): Html =>
  html`<p><a href="/traces/${traceId}">A trace that it is linked with</a></p>`;

function renderSpan({ span, depth }: Placed, start: number, total: number): Html {
  const facts = Object.entries(span.attributes);
  const indent = `d${Math.min(depth, MAX_DEPTH)}`;
  return html`<li>
    <div class="line ${indent}">
      <span class="name">${span.name}</span>
      <span class="meta">
        <span>${span.kind}</span>
        <span>after ${renderDuration(span.startedAt - start)}</span>
        <span>took ${renderDuration(span.durationInMs)}</span>
      </span>
    </div>
    ${renderBar(span, start, total)}
    ${span.failure === undefined ? undefined : html`<p class="failed">${span.failure}</p>`}
    <details class="${indent}">
      <summary>Details</summary>
      <dl>${facts.map(renderFact)}${renderFact(["span", span.spanId])}</dl>
      ${span.links.map(renderLink)}
    </details>
  </li>`;
}

/** @param spans at least one, in the order in which they began */
export function renderTrace(traceId: string, spans: readonly StoredSpan[]): string {
  const [first] = spans;
  if (!first) throw new Error("A trace has a span.");
  const end = Math.max(...spans.map(({ startedAt, durationInMs }) => startedAt + durationInMs));
  const total = end - first.startedAt;
  const body = html`<p class="meta">
      ${renderTime(first.startedAt)}
      <span>${renderDuration(total)}</span>
      <span>${plural(spans.length, "span")}</span>
      <code>${traceId}</code>
      <a href="/api/traces/${traceId}">as JSON</a>
    </p>
    <ol class="spans">
      ${inTree(spans).map((placed) => renderSpan(placed, first.startedAt, total))}
    </ol>`;
  return renderPage("/", first.name, body);
}
