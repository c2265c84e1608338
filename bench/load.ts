/** A closed-loop load: a fixed number of callers, each sending its next request when the last was answered. */
import { Pool } from "undici";

export interface Load {
  readonly url: string;
  readonly callers: number;
  readonly durationInMs: number;
  /** The nth request; throws to end the load. */
  readonly request: (index: number) => {
    readonly method: "GET" | "POST";
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  /** Statuses that count as done. */
  readonly accepts: (status: number) => boolean;
}

export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** The value below which the given share of the values lies; 0 for none. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
};

/** @throws an answer was not accepted: a rate of refusals is no rate */
export async function runLoad(load: Load): Promise<LoadResult> {
  const pool = new Pool(load.url, { connections: load.callers, pipelining: 1 });
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + load.durationInMs;
  let next = 0;

  const caller = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const { body, ...options } = load.request(next++);
      const sentAt = performance.now();
      const response = await pool.request({ ...options, body: body ?? null });
      const text = await response.body.text();
      if (!load.accepts(response.statusCode)) {
        throw new Error(`${options.path} answered ${response.statusCode}: ${text.slice(0, 200)}`);
      }
      latencies.push(performance.now() - sentAt);
    }
  };
  try {
    await Promise.all(Array.from({ length: load.callers }, caller));
  } finally {
    await pool.destroy();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    perSecond: latencies.length / seconds,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}
