/** One request to a receiver of reports, with an end to its patience. */
import { systemClock } from "../../clock.ts";

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Why there was no answer, in a few words. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? (error.name === "AbortError" ? "no answer in time" : error.message);
}

export interface Patience {
  /** By the machine's clock: a test that jumps ahead must not cut off what is under way. */
  readonly patienceInMs: number;
  readonly stopping: AbortSignal;
}

/** @throws {Error} there was no answer, or it came too late */
export async function callReceiver(
  url: string,
  request: {
    readonly method: "POST" | "OPTIONS";
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  },
  { patienceInMs, stopping }: Patience,
): Promise<ReceiverAnswer> {
  const tooLate = new AbortController();
  const cancel = systemClock.schedule(patienceInMs, () => {
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
