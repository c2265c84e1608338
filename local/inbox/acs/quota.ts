/** Quotas over sliding windows, as Azure counts calls per minute and per hour. */
import type { Clock } from "../../clock.ts";
import type { HttpAnswer } from "../http/exchange.ts";
import type { Settings, SettingsHolder } from "../settings.ts";
import { acsFailure } from "./failure.ts";

export type QuotaName = keyof Settings["quotas"];

const MINUTE_IN_MS = 60_000;
const HOUR_IN_MS = 60 * MINUTE_IN_MS;

export interface Quotas {
  /** Counts a call; @returns the refusal when there have been too many */
  refuse(name: QuotaName): HttpAnswer | undefined;
}

/** @returns milliseconds until there is room again; 0 when there is room now */
function waitIn(
  calls: readonly number[],
  now: number,
  windowInMs: number,
  limit: number | undefined,
): number {
  if (limit === undefined) return 0;
  const inWindow = calls.filter((at) => at > now - windowInMs);
  const oldestThatCounts = inWindow[inWindow.length - limit];
  return oldestThatCounts === undefined ? 0 : oldestThatCounts + windowInMs - now;
}

export function createQuotas(clock: Clock, settings: SettingsHolder): Quotas {
  const callsOf = new Map<QuotaName, readonly number[]>();
  return {
    refuse(name) {
      const { perMinute, perHour } = settings.current.quotas[name];
      if (perMinute === undefined && perHour === undefined) return undefined;
      const now = clock.now();
      const calls = (callsOf.get(name) ?? []).filter((at) => at > now - HOUR_IN_MS);
      const [minute, hour] = [
        waitIn(calls, now, MINUTE_IN_MS, perMinute),
        waitIn(calls, now, HOUR_IN_MS, perHour),
      ];
      const seconds = Math.ceil(Math.max(minute, hour) / 1000);
      if (seconds === 0) {
        callsOf.set(name, [...calls, now]);
        return undefined;
      }
      const limit = hour > minute ? "PerSubscriptionPerHour" : "PerSubscriptionPerMinute";
      return acsFailure({
        status: 429,
        code: "TooManyRequests",
        message: `${limit}LimitExceeded - Please try again after ${seconds} seconds.`,
        headers: { "retry-after": String(seconds) },
      });
    },
  };
}
