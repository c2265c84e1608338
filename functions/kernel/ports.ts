/** What both contexts need of the outside and may not reach for by themselves. */

/** Time. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /**
   * Runs `callback` once, `delayInMs` from now; never earlier.
   *
   * @returns cancels it; harmless when it has already run
   */
  schedule(delayInMs: number, callback: () => void): () => void;
}

/** A new identifier nobody else has: a UUID in lower case. */
export type NewId = () => string;

/** A number from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** Facts about one log line: names and values; never personal data. */
export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured log: the facts first, then a fixed sentence. */
export interface Logger {
  debug(facts: LogFacts, message: string): void;
  info(facts: LogFacts, message: string): void;
  warn(facts: LogFacts, message: string): void;
  /** @param error its name, message and stack are logged; messages hold no personal data */
  error(facts: LogFacts, message: string, error?: unknown): void;
}

/** Numbers that are watched. */
export interface Measures {
  /**
   * Adds to a counter, sets a gauge, or takes into a histogram, whatever the measure is.
   *
   * @param name a key of `infra/metrics.json`
   */
  record(name: string, value: number, facts?: LogFacts): void;
}
