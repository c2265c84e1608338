/** One request to a receiver of reports, with an end to its patience. */
import type { Clock } from "../../clock.ts";

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Event Grid waits no longer. */
const PATIENCE_IN_MS = 30_000;

/** Why there was no answer, in a few words. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? (error.name === "AbortError" ? "no answer in time" : error.message);
}

/** @throws {Error} there was no answer, or it came too late */
export async function callReceiver(
  clock: Clock,
  url: string,
  request: {
    readonly method: "POST" | "OPTIONS";
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  },
  stopping: AbortSignal,
): Promise<ReceiverAnswer> {
  const tooLate = new AbortController();
  const cancel = clock.schedule(PATIENCE_IN_MS, () => {
    tooLate.abort();
  });
  try {
    const response = await fetch(url, {
      ...request,
      redirect: "manual",
      signal: AbortSignal.any([tooLate.signal, stopping]),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  } finally {
    cancel();
  }
}
