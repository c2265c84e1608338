/** Where the host and the functions write to. */
import type { CoreLogLevel, LogCategory } from "./app/functions-core.ts";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

export interface LogSource {
  /** `user`: a function wrote it; `system`: the host or the library. */
  readonly category: LogCategory;
  readonly functionName?: string;
  readonly invocationId?: string;
}

export type LogSink = (level: LogLevel, message: string, source: LogSource) => void;

const levels: Readonly<Record<CoreLogLevel, LogLevel>> = {
  none: "trace",
  trace: "trace",
  debug: "debug",
  information: "info",
  warning: "warn",
  error: "error",
  critical: "error",
};

export const toLogLevel = (level: CoreLogLevel): LogLevel => levels[level];

/** @param isVerbose otherwise only what somebody should look at */
export const createConsoleLog =
  (isVerbose: boolean): LogSink =>
  (level, message, { functionName }) => {
    if (!isVerbose && level !== "warn" && level !== "error") return;
    console.error(functionName === undefined ? message : `${functionName}: ${message}`);
  };

/** What is known of anything that was thrown. */
export const describeError = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
