/** Takes what the app says through the OpenTelemetry API, in the same process: spans as they end, metrics when asked. */
import { context, metrics, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  DataPointType,
  MeterProvider,
  MetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type { SpanStore, StoredSpan } from "./span-store.ts";

const kinds: Readonly<Record<SpanKind, StoredSpan["kind"]>> = {
  [SpanKind.INTERNAL]: "internal",
  [SpanKind.SERVER]: "server",
  [SpanKind.CLIENT]: "client",
  [SpanKind.PRODUCER]: "producer",
  [SpanKind.CONSUMER]: "consumer",
};

const toMs = ([seconds, nanoseconds]: readonly [number, number]): number =>
  seconds * 1000 + nanoseconds / 1e6;

const toTexts = (attributes: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, String(value)] as const),
  );

function toStored(span: ReadableSpan): StoredSpan {
  const { traceId, spanId } = span.spanContext();
  const parentId = span.parentSpanContext?.spanId;
  const failed = span.status.code === SpanStatusCode.ERROR;
  return {
    traceId,
    spanId,
    ...(parentId !== undefined && { parentId }),
    name: span.name,
    kind: kinds[span.kind],
    startedAt: toMs(span.startTime),
    durationInMs: toMs(span.duration),
    ...(failed && { failure: span.status.message ?? "failed" }),
    attributes: toTexts(span.attributes),
    links: span.links.map((link) => link.context.traceId),
  };
}

const storing = (store: SpanStore): SpanProcessor => ({
  onStart: () => undefined,
  onEnd: (span) => {
    store.add(toStored(span));
  },
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
});

/** Collects when it is asked. */
class OnDemandReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** One metric with one set of attributes, since the start. */
export interface Figure {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Of a histogram: the mean. */
  readonly value: number;
  /** Of a histogram. */
  readonly spread?: { readonly count: number; readonly min: number; readonly max: number };
}

const toFigures = ({ scopeMetrics }: ResourceMetrics): readonly Figure[] =>
  scopeMetrics
    .flatMap((scope) => scope.metrics)
    .flatMap((metric) => {
      const { name, description, unit } = metric.descriptor;
      if (metric.dataPointType === DataPointType.HISTOGRAM) {
        return metric.dataPoints.map(({ attributes, value }) => ({
          name,
          description,
          unit,
          attributes: toTexts(attributes),
          value: (value.sum ?? 0) / Math.max(1, value.count),
          spread: { count: value.count, min: value.min ?? 0, max: value.max ?? 0 },
        }));
      }
      if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) return [];
      return metric.dataPoints.map(({ attributes, value }) => ({
        name,
        description,
        unit,
        attributes: toTexts(attributes),
        value,
      }));
    });

export interface Collector {
  figures(): Promise<readonly Figure[]>;
  /** The app goes on; nobody listens any more. */
  stop(): Promise<void>;
}

/** From now on the spans of this process go to the store. One collector a process: a second one hears nothing. */
export function startCollector(store: SpanStore): Collector {
  const reader = new OnDemandReader();
  const tracing = new BasicTracerProvider({ spanProcessors: [storing(store)] });
  const measuring = new MeterProvider({ readers: [reader] });
  const isFirst = trace.setGlobalTracerProvider(tracing);
  if (isFirst) {
    metrics.setGlobalMeterProvider(measuring);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  }
  return {
    figures: async () => toFigures((await reader.collect()).resourceMetrics),
    async stop() {
      if (isFirst) {
        trace.disable();
        metrics.disable();
        context.disable();
      }
      await Promise.all([tracing.shutdown(), measuring.shutdown()]);
    },
  };
}
