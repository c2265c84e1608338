/** The spans of the last traces, in memory: what is older makes room. */

/** One step of a trace. */
export interface StoredSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly name: string;
  readonly kind: "internal" | "server" | "client" | "producer" | "consumer";
  /** Milliseconds since the epoch, with fractions. */
  readonly startedAt: number;
  readonly durationInMs: number;
  readonly failure?: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Traces that it is linked with. */
  readonly links: readonly string[];
}

/** A trace in one line. */
export interface TraceSummary {
  readonly traceId: string;
  /** Of its first span. */
  readonly name: string;
  readonly startedAt: number;
  /** From its first beginning to its last end. */
  readonly durationInMs: number;
  readonly spanCount: number;
  readonly failureCount: number;
}

export interface SpanStore {
  add(span: StoredSpan): void;
  /** Begun last first. */
  list(limit: number): readonly TraceSummary[];
  /** In the order in which they began; empty when the trace is not known, or no longer. */
  spansOf(traceId: string): readonly StoredSpan[];
  clear(): void;
}

const byStart = (one: StoredSpan, other: StoredSpan): number => one.startedAt - other.startedAt;

function summaryOf(spans: readonly StoredSpan[]): TraceSummary {
  const ordered = [...spans].sort(byStart);
  const [first] = ordered;
  if (!first) throw new Error("A trace has a span.");
  const end = Math.max(...spans.map(({ startedAt, durationInMs }) => startedAt + durationInMs));
  return {
    traceId: first.traceId,
    name: first.name,
    startedAt: first.startedAt,
    durationInMs: end - first.startedAt,
    spanCount: spans.length,
    failureCount: spans.filter(({ failure }) => failure !== undefined).length,
  };
}

/** A trace that goes on for ever does not grow for ever. */
const MAX_SPANS_OF_A_TRACE = 1000;

/** @param maxTraces how many are kept; the one that was added to least recently goes first */
export function createSpanStore(maxTraces = 500): SpanStore {
  const traces = new Map<string, StoredSpan[]>();
  return {
    add(span) {
      const spans = traces.get(span.traceId) ?? [];
      if (spans.length < MAX_SPANS_OF_A_TRACE) spans.push(span);
      // Last added to, last in the map.
      traces.delete(span.traceId);
      traces.set(span.traceId, spans);
      const [oldest] = traces.keys();
      if (traces.size > maxTraces && oldest !== undefined) traces.delete(oldest);
    },
    list: (limit) =>
      [...traces.values()]
        .map(summaryOf)
        .sort((one, other) => other.startedAt - one.startedAt)
        .slice(0, limit),
    spansOf: (traceId) => [...(traces.get(traceId) ?? [])].sort(byStart),
    clear: () => {
      traces.clear();
    },
  };
}
