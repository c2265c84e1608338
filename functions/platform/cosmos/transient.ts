/**
 * Repeats what Cosmos DB failed to answer for a passing reason.
 *
 * The SDK itself repeats reads and throttled calls, never a write whose outcome is unknown: after a reset or a time-out
 * nobody knows whether it was committed. So whatever is repeated here must be safe to repeat.
 */
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";

/** 408 time-out · 410 range moved · 429 throttled beyond the SDK's own patience · 449 write conflict inside · 5xx. */
const passingStatuses = new Set<unknown>([408, 410, 429, 449, 500, 502, 503]);

const passingCodes = new Set<unknown>([
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "TimeoutError",
  "REQUEST_SEND_ERROR",
]);

/** Waits before the second to the last attempt, in milliseconds; some of it is left to chance by the caller's clock. */
const waitsInMs = [20, 80, 250, 800, 2000];

const fieldOf = (error: unknown, name: string): unknown =>
  typeof error === "object" && error !== null
    ? (error as Record<string, unknown>)[name]
    : undefined;

/** The HTTP status that an SDK error carries; of a batch, the SDK hands it on as the cause. */
export const statusOf = (error: unknown): number | undefined => {
  const code = fieldOf(error, "code") ?? fieldOf(fieldOf(error, "cause"), "code");
  return typeof code === "number" ? code : undefined;
};

/** Whether trying the same again may help. */
export const isTransient = (error: unknown): boolean =>
  [fieldOf(error, "code"), fieldOf(error, "name"), fieldOf(fieldOf(error, "cause"), "code")].some(
    (mark) => passingStatuses.has(mark) || passingCodes.has(mark),
  );

const wait = (clock: Clock, delayInMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(delayInMs, resolve);
  });

/**
 * Runs `attempt` until it answers or its failure is not a passing one; at most six times within some three seconds.
 *
 * @throws {RetryLater} it kept failing for passing reasons
 */
export async function repeatTransient<Result>(
  clock: Clock,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) throw error;
      const delay = waitsInMs[failures];
      if (delay === undefined) {
        throw new RetryLater(5, "The database does not answer", { cause: error });
      }
      await wait(clock, delay);
    }
  }
}
