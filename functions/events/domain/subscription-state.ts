/**
 * The states of a subscription, and what leads from one to another.
 *
 * new → (validated) → active ⇄ parked. From the first validation on, every event that the filters match belongs to the
 * subscription: it is pushed while the subscription is active and held while it is not.
 */
import type { Subscription, SubscriptionFilters } from "./subscription.ts";

/** Why a subscription is parked: by its owner, because nothing gets through, or because the end point said 410. */
export type ParkReason = "paused" | "failing" | "gone";

/** A subscription that is not pushed to. */
export interface Parked {
  readonly reason: ParkReason;
  /** RFC 3339. */
  readonly since: string;
}

const without = (it: Subscription, ...names: readonly (keyof Subscription)[]): Subscription => {
  const dropped = new Set<string>(names);
  const rest = Object.entries(it).filter(([name]) => !dropped.has(name));
  return Object.fromEntries(rest) as unknown as Subscription;
};

/** Whether events are matched with it at all: since its first validation. */
export const isMatched = (it: Subscription): boolean => it.matchedSince !== undefined;

/** Whether its end point may be called with events. */
export const isActive = (it: Subscription): boolean => it.validated && it.parked === undefined;

/** Parked; one that its owner paused stays paused, whatever else happens. */
export const park = (it: Subscription, reason: ParkReason, at: string): Subscription =>
  it.parked?.reason === "paused" ? it : { ...it, parked: { reason, since: at } };

/** No longer parked. */
export const resume = (it: Subscription): Subscription => without(it, "parked");

/**
 * The end point answered: it counts again, unless its owner paused it.
 *
 * @param callsPerMinute what the end point allows; any number when absent
 */
export function validate(it: Subscription, at: string, callsPerMinute?: number): Subscription {
  const healthy = without(it, "validationFailure", "callsPerMinute");
  const isPaused = it.parked?.reason === "paused";
  return {
    ...(isPaused ? healthy : resume(healthy)),
    validated: true,
    matchedSince: it.matchedSince ?? at,
    ...(callsPerMinute !== undefined && { callsPerMinute }),
  };
}

/** The end point did not answer as it must; why is told to the owner. */
export const failValidation = (it: Subscription, validationFailure: string): Subscription => ({
  ...it,
  validationFailure,
});

/** Another end point: it is asked first, and what is matched meanwhile is held. */
export const redirect = (it: Subscription, endPoint: string): Subscription =>
  it.endPoint === endPoint
    ? it
    : { ...without(it, "validationFailure"), endPoint, validated: false };

/** Other filters; what it has matched so far is not touched. */
export const refilter = (it: Subscription, filters: SubscriptionFilters): Subscription => ({
  ...without(it, "sourceFilter", "subjectFilter", "sourcePrefixes", "typeFilter", "typeFilters"),
  ...filters,
});
