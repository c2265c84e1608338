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

const describe = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { error: redact(String(error)) };
  return {
    error: redact(`${error.name}: ${error.message}`),
    stack: redact(error.stack?.split("\n").slice(1, 8).join("\n") ?? ""),
    ...(error.cause !== undefined && { cause: describe(error.cause) }),
  };
};

/** @param sink receives one JSON object a line, already redacted */
export function createLogger(sink: LogSink): Logger {
  const write = (
    level: "debug" | "info" | "warn" | "error",
    facts: LogFacts,
    message: string,
    more: Record<string, unknown> = {},
  ): void => {
    const clean = Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [
        name,
        typeof value === "string" ? redact(value) : value,
      ]),
    );
    sink(level, JSON.stringify({ level, message, ...clean, ...more }));
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
