/** One request to a receiver of reports, with an end to its patience. */
import type { IncomingHttpHeaders } from "node:http";
import { request as send } from "undici";
import { systemClock } from "../../clock.ts";

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Why there was no answer, in a few words. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "AbortError") return "no answer in time";
  const { code = error.message } = error as NodeJS.ErrnoException;
  // The name undici has for a connection that ended.
  return code === "UND_ERR_SOCKET" ? "ECONNRESET" : code;
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
  const cutOff = new AbortController();
  const abort = (): void => {
    cutOff.abort();
  };
  const cancel = systemClock.schedule(patienceInMs, abort);
  stopping.addEventListener("abort", abort);
  try {
    const { statusCode, headers, body } = await send(url, { ...request, signal: cutOff.signal });
    return { status: statusCode, headers, text: await body.text() };
  } finally {
    stopping.removeEventListener("abort", abort);
    cancel();
  }
}
