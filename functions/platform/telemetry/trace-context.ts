/** The W3C trace context as the text in which it is stored with a document and sent with a message: `traceparent`. */
import {
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
} from "@opentelemetry/api";

const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** What the text says; `undefined` when it is no trace context of version 00. */
export function spanContextIn(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId = "", spanId = "", flags = ""] = pattern.exec(traceparent ?? "") ?? [];
  const found = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(found) ? found : undefined;
}

export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;

/** What is begun in it belongs to the trace of the text; to a trace of its own when there is none. */
export function contextIn(traceparent: string | undefined): Context {
  const parent = spanContextIn(traceparent);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

/** Of the span that is open here; `undefined` when nothing is traced. */
export function activeTraceparent(): string | undefined {
  const active = trace.getSpanContext(context.active());
  return active && isSpanContextValid(active) ? traceparentOf(active) : undefined;
}

/**
 * What to send along with something that belongs to a stored trace: the span that is open here when it is of the same
 * trace, so that what follows hangs below it; else what was stored.
 */
export function carryOn(stored: string | undefined): string | undefined {
  const active = activeTraceparent();
  if (stored === undefined || active === undefined) return stored ?? active;
  return spanContextIn(stored)?.traceId === spanContextIn(active)?.traceId ? active : stored;
}
