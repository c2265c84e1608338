/** Retry policies: when to try again, and what the function is told about it. */
import type { Clock } from "../../clock.ts";
import type { InvocationResponse, RetryContext, RetryOptions } from "../app/functions-core.ts";

const inMs = (interval: { readonly seconds: number } | undefined): number =>
  (interval?.seconds ?? 0) * 1000;

/** @param retryCount how many attempts have failed before this delay, counted from 0 */
export const delayBefore = (policy: RetryOptions, retryCount: number): number =>
  policy.retryStrategy === "fixedDelay"
    ? inMs(policy.delayInterval)
    : Math.min(inMs(policy.maximumInterval), inMs(policy.minimumInterval) * 2 ** retryCount);

const isSpent = ({ maxRetryCount }: RetryOptions, retryCount: number): boolean =>
  maxRetryCount !== -1 && retryCount >= maxRetryCount;

/** Waits; @returns false when the host stopped meanwhile */
export const pause = (clock: Clock, delayInMs: number, stopping: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    if (stopping.aborted) {
      resolve(false);
      return;
    }
    const onStop = (): void => {
      cancel();
      resolve(false);
    };
    const cancel = clock.schedule(delayInMs, () => {
      stopping.removeEventListener("abort", onStop);
      resolve(true);
    });
    stopping.addEventListener("abort", onStop, { once: true });
  });

const toRetryContext = (
  { maxRetryCount }: RetryOptions,
  retryCount: number,
  error: Error,
): RetryContext => ({
  retryCount,
  maxRetryCount,
  exception: { source: "", stackTrace: error.stack ?? "", message: error.message },
});

/**
 * Tries until it works, the policy is spent or the host stops.
 *
 * @param onFailure told of each failed attempt that will be followed by another
 * @returns rejects with the last failure
 */
export async function withRetry(
  policy: RetryOptions,
  ports: { readonly clock: Clock; readonly stopping: AbortSignal },
  attempt: (context: RetryContext | undefined) => Promise<InvocationResponse>,
  onFailure: (error: Error) => void,
): Promise<InvocationResponse> {
  let context: RetryContext | undefined;
  for (let retryCount = 0; ; retryCount++) {
    try {
      return await attempt(context);
    } catch (thrown) {
      const error = thrown as Error;
      if (isSpent(policy, retryCount)) throw error;
      onFailure(error);
      if (!(await pause(ports.clock, delayBefore(policy, retryCount), ports.stopping))) throw error;
      context = toRetryContext(policy, retryCount + 1, error);
    }
  }
}
