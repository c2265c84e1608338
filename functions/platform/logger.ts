/** Structured log lines that cannot carry a national id, a phone number, an address or a token. */
import type { LogFacts, Logger } from "../kernel/ports.ts";

/** Where finished lines go: the host's log, or a stream. */
export type LogSink = (level: "debug" | "info" | "warn" | "error", line: string) => void;

/** What looks personal or secret, in whatever text it stands. */
const personal: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[token]"],
  [/[^\s@"<>]+@[^\s@"'<>]+\.[^\s@"'<>.]+/g, "[e-mail]"],
  [/(?:\+|\b00)\d[\d ]{6,16}\d/g, "[phone]"],
  [/(?<!\w)(?:\d{6} ?\d{5})(?!\w)/g, "[national id]"],
  [/(?<![\w-])[49]\d{7}(?![\w-])/g, "[phone]"],
];

/** @returns the text with everything that looks personal or secret replaced by what it was */
export const redact = (text: string): string =>
  personal.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);

/** What lies deeper is not worth a line of the log; and something may hold itself. */
const MAX_DEPTH = 8;

function redactMembers(value: object, depth: number): unknown {
  if (depth > MAX_DEPTH) return "[deep]";
  if (value instanceof Error) return describe(value, depth);
  if (Array.isArray(value)) return value.map((member) => redactAll(member, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [redact(name), redactAll(member, depth + 1)]),
  );
}

/** The same for whatever stands in it; a number may be personal, too. */
function redactAll(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case "object":
      return value === null ? null : redactMembers(value, depth);
    case "number": {
      const clean = redact(String(value));
      return clean === String(value) ? value : clean;
    }
    case "boolean":
    case "undefined":
      return value;
    default:
      return redact(String(value));
  }
}

function describe(error: unknown, depth = 0): Record<string, unknown> {
  if (depth > MAX_DEPTH || !(error instanceof Error)) return { error: redactAll(error, depth) };
  const { name, message, stack, cause } = error;
  return {
    error: redact(`${name}: ${message}`),
    stack: redact(stack?.split("\n").slice(1, 8).join("\n") ?? ""),
    ...(cause !== undefined && { cause: describe(cause, depth + 1) }),
    ...(error instanceof AggregateError && {
      errors: error.errors.map((one) => describe(one, depth + 1)),
    }),
  };
}

/** @param sink receives one JSON object a line, already redacted */
export function createLogger(sink: LogSink): Logger {
  const write = (
    level: "debug" | "info" | "warn" | "error",
    facts: LogFacts,
    message: string,
    more: Record<string, unknown> = {},
  ): void => {
    const clean = redactAll(facts) as LogFacts;
    sink(level, JSON.stringify({ level, message: redact(message), ...clean, ...more }));
  };
  return {
    debug: (facts, message) => {
      write("debug", facts, message);
    },
    info: (facts, message) => {
      write("info", facts, message);
    },
    warn: (facts, message) => {
      write("warn", facts, message);
    },
    error: (facts, message, error) => {
      write("error", facts, message, error === undefined ? {} : describe(error));
    },
  };
}
