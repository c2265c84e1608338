/** What a provider may take of us: so many messages a minute and an hour, the hurried ones first. */
import type { Lane } from "./notification.ts";

/** Messages; absent is no limit. */
export interface BudgetLimits {
  readonly perMinute?: number;
  readonly perHour?: number;
}

/** What is spent of the present minute and hour, and until when nothing goes. Starts are milliseconds since the epoch. */
export interface BudgetState {
  readonly minuteStart: number;
  readonly minuteSpent: number;
  readonly hourStart: number;
  readonly hourSpent: number;
  readonly pausedUntil: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Nothing spent yet. */
export const freshBudget: BudgetState = {
  minuteStart: 0,
  minuteSpent: 0,
  hourStart: 0,
  hourSpent: 0,
  pausedUntil: 0,
};

/** How much of a limit a lane may use up: the rest is kept for those before it. */
const shares: Readonly<Record<Lane, number>> = { instant: 1, normal: 0.9, bulk: 0.7 };

const shareOf = (limit: number | undefined, lane: Lane): number =>
  limit === undefined ? Infinity : Math.max(1, Math.floor(limit * shares[lane]));

/** The state with windows that have passed begun anew. */
export function roll(state: BudgetState, now: number): BudgetState {
  const minuteStart = now - (now % MINUTE);
  const hourStart = now - (now % HOUR);
  return {
    pausedUntil: state.pausedUntil,
    minuteStart,
    minuteSpent: state.minuteStart === minuteStart ? state.minuteSpent : 0,
    hourStart,
    hourSpent: state.hourStart === hourStart ? state.hourSpent : 0,
  };
}

/** What asking for some messages came to. */
export type Grant =
  | { readonly kind: "granted"; readonly count: number; readonly state: BudgetState }
  | { readonly kind: "wait"; readonly untilAt: number };

/**
 * Takes up to `wanted` messages out of a budget.
 *
 * @returns at least one, or until when nothing is to be had
 */
export function takeFrom(
  before: BudgetState,
  limits: BudgetLimits,
  lane: Lane,
  wanted: number,
  now: number,
): Grant {
  const state = roll(before, now);
  if (state.pausedUntil > now) return { kind: "wait", untilAt: state.pausedUntil };
  const leftOfHour = shareOf(limits.perHour, lane) - state.hourSpent;
  if (leftOfHour < 1) return { kind: "wait", untilAt: state.hourStart + HOUR };
  const leftOfMinute = shareOf(limits.perMinute, lane) - state.minuteSpent;
  if (leftOfMinute < 1) return { kind: "wait", untilAt: state.minuteStart + MINUTE };
  const count = Math.min(wanted, leftOfHour, leftOfMinute);
  return {
    kind: "granted",
    count,
    state: {
      ...state,
      minuteSpent: state.minuteSpent + count,
      hourSpent: state.hourSpent + count,
    },
  };
}

/** When `count` messages that wait in a lane will have gone, if nothing else wants the budget; milliseconds since the epoch. */
export function doneAt(
  before: BudgetState,
  limits: BudgetLimits,
  lane: Lane,
  count: number,
  now: number,
): number {
  let state = before;
  let at = now;
  for (let left = count; left > 0;) {
    const grant = takeFrom(state, limits, lane, left, at);
    if (grant.kind === "wait") {
      at = grant.untilAt;
    } else {
      left -= grant.count;
      state = grant.state;
    }
  }
  return at;
}
