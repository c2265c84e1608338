/** One HTTP exchange whose answer is wanted whole, by undici without the stream that `request` makes of each answer. */
import type { Dispatcher } from "undici";

export interface Outgoing {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal?: AbortSignal | undefined;
}

export interface WholeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Leaves out a byte order mark. */
const utf8 = new TextDecoder();

interface Settle {
  readonly resolve: (answer: WholeAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** Collects an answer; given up at any moment, also while the request waits for a connection. */
function collect({ resolve, reject }: Settle, signal: AbortSignal | undefined) {
  let controller: Dispatcher.DispatchController | undefined;
  let head: Omit<WholeAnswer, "text">;
  const chunks: Buffer[] = [];
  const giveUp = (): void => {
    const reason = signal?.reason as Error;
    controller?.abort(reason);
    reject(reason);
  };
  signal?.addEventListener("abort", giveUp);
  return {
    onRequestStart(started) {
      controller = started;
      if (signal?.aborted) giveUp(); // which nobody else would take back by now
    },
    onResponseStart(_, status, headers) {
      head = { status, headers }; // the last one counts: interim answers may precede it
    },
    onResponseData(_, chunk) {
      chunks.push(chunk);
    },
    onResponseEnd() {
      signal?.removeEventListener("abort", giveUp);
      resolve({ ...head, text: utf8.decode(Buffer.concat(chunks)) });
    },
    onResponseError(_, error) {
      signal?.removeEventListener("abort", giveUp);
      reject(error);
    },
  } satisfies Dispatcher.DispatchHandler;
}

/** Rejects with undici's own error, or at once with the reason of the signal. */
export const takeWholeAnswer = (
  dispatcher: Dispatcher,
  { url, method, headers, body, signal }: Outgoing,
): Promise<WholeAnswer> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const { origin, pathname, search } = new URL(url);
    dispatcher.dispatch(
      { origin, path: pathname + search, method, headers, body },
      collect({ resolve, reject }, signal),
    );
  });
