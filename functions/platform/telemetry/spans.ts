/**
 * Spans: one for everything that is woken and for every call to the outside.
 *
 * This uses the API of OpenTelemetry alone: until somebody has registered a provider (`azure-monitor.ts`, the local
 * stack), nothing is recorded and it costs next to nothing. A span says names and figures, never what is in a message.
 */
import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import { redact } from "../logger.ts";
import { contextIn, spanContextIn } from "./trace-context.ts";

export interface SpanAbout {
  readonly name: string;
  readonly kind: "server" | "client" | "consumer" | "internal";
  /** Of the trace it belongs to. @default the span that is open here */
  readonly traceparent?: string | undefined;
  readonly attributes?: Attributes;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

const tracer = (): Tracer => trace.getTracer("budstikke");

const startSpan = ({ name, kind, attributes = {} }: SpanAbout, parent: Context): Span =>
  tracer().startSpan(name, { kind: kinds[kind], attributes }, parent);

const typeOf = (error: unknown): string => {
  if (error instanceof PermanentFailure) return error.code;
  if (error instanceof RetryLater) return "retry-later";
  return error instanceof Error ? error.name : "unknown";
};

function noteFailure(span: Span, error: unknown): void {
  const message = redact(error instanceof Error ? error.message : String(error));
  span.setAttribute("error.type", typeOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** Runs within a span, which ends when it does. What it throws is noted and thrown on. */
export function inSpan<Result>(
  about: SpanAbout,
  run: (span: Span) => Promise<Result>,
): Promise<Result> {
  const parent = about.traceparent === undefined ? context.active() : contextIn(about.traceparent);
  const span = startSpan(about, parent);
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      return await run(span);
    } catch (error) {
      noteFailure(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The same for work that is done for several traces at once: a span in each of them. */
export async function inSpans<Result>(
  about: Omit<SpanAbout, "traceparent">,
  traceparents: readonly string[],
  run: () => Promise<Result>,
): Promise<Result> {
  const known = new Set(traceparents.filter((it) => spanContextIn(it) !== undefined));
  const spans = [...known].map((it) => startSpan(about, contextIn(it)));
  try {
    return await run();
  } catch (error) {
    for (const span of spans) noteFailure(span, error);
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}

interface Joining {
  readonly about: SpanAbout;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  joined?: Span;
}

const joiningKey = createContextKey("budstikke.joining");

/**
 * Within a span that learns only on its way which trace it belongs to, as a provider's report does: {@link joinTrace}
 * adds a span to that trace, as long as this one and linked with it.
 */
export function inJoiningSpan<Result>(
  about: SpanAbout,
  run: (span: Span) => Promise<Result>,
): Promise<Result> {
  return inSpan(about, async (span) => {
    const joining: Joining = { about, startedAt: performance.timeOrigin + performance.now() };
    try {
      return await context.with(context.active().setValue(joiningKey, joining), () => run(span));
    } finally {
      joining.joined?.end();
    }
  });
}

/** It has turned out that what is going on belongs to this trace. Safe to repeat; outside of a joining span it does nothing. */
export function joinTrace(traceparent: string): void {
  const joining = context.active().getValue(joiningKey) as Joining | undefined;
  const own = trace.getSpanContext(context.active());
  const target = spanContextIn(traceparent);
  if (!joining || joining.joined || !own || !target || own.traceId === target.traceId) return;
  const { about, startedAt } = joining;
  joining.joined = tracer().startSpan(
    about.name,
    {
      kind: kinds[about.kind],
      attributes: about.attributes ?? {},
      links: [{ context: own }],
      startTime: startedAt,
    },
    contextIn(traceparent),
  );
}
