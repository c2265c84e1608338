/** How often each address may be called: what its owner allowed, kept by each instance of the app for itself. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";

const MINUTE_IN_MS = 60_000;

/** Most addresses that are remembered; beyond it those go that may be called anyway. */
const MAX_REMEMBERED = 10_000;

/** Lets a call to an address through when it is time; throws {RetryLater} when it is too early. */
export function createPaces(clock: Clock): (url: string, callsPerMinute: number) => void {
  /** The next free place of each address, in epoch ms. */
  const nextAt = new Map<string, number>();

  const forgetPast = (now: number): void => {
    for (const [url, at] of nextAt) if (at <= now) nextAt.delete(url);
  };

  return (url, callsPerMinute) => {
    const now = clock.now();
    const next = nextAt.get(url) ?? now;
    if (next > now) throw new RetryLater((next - now) / 1000, "The end point allows no more calls");
    if (nextAt.size >= MAX_REMEMBERED) forgetPast(now);
    nextAt.set(url, now + MINUTE_IN_MS / callsPerMinute);
  };
}
