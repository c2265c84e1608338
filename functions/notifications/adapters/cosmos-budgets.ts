/**
 * Budgets of providers, shared by all instances.
 *
 * An instance takes some messages at once and spends them by itself, so that the document is not the bottleneck. What it
 * has taken and not spent within the minute is lost to that minute: the provider gets less than it allows, never more.
 */
import type { Clock } from "../../kernel/ports.ts";
import { createBriefMemory } from "../../platform/brief-memory.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import { type BudgetLimits, doneAt, type Grant, takeFrom } from "../domain/budget.ts";
import type { Channel } from "../domain/order.ts";
import type { Budgets } from "../domain/provider-ports.ts";
import { createPortions, secondsUntil } from "./budget-portions.ts";
import { createSharedBudget, type SharedBudget } from "./shared-budget.ts";

/** The part of a minute's limit that an instance takes at once, unless more messages wait for it. */
const PORTION = 0.05;

/** A pause holds everywhere after this long at the latest. */
const LOOK_EVERY_IN_MS = 1000;

const isLimited = ({ perMinute, perHour }: BudgetLimits): boolean =>
  perMinute !== undefined || perHour !== undefined;

/** How long a channel is paused, by one look at the document a second, however many want to know. */
function createPauses(budget: SharedBudget, clock: Clock) {
  const look = createBriefMemory<number>(clock, LOOK_EVERY_IN_MS);
  const noted = new Map<Channel, number>();
  return {
    note(channel: Channel, until: number): void {
      noted.set(channel, until);
    },
    async secondsLeft(channel: Channel): Promise<number> {
      const seen = await look(channel, async () => (await budget.read(channel)).pausedUntil);
      return secondsUntil(Math.max(seen, noted.get(channel) ?? 0), clock.now());
    },
  };
}

export function createCosmosBudgets(
  documents: Documents,
  limitsOf: Readonly<Record<Channel, BudgetLimits>>,
  clock: Clock,
): Budgets {
  const budget = createSharedBudget(documents);
  const pauses = createPauses(budget, clock);
  const portions = createPortions(clock, async (channel, lane, now, waitingCount) => {
    const { perMinute, perHour = 0 } = limitsOf[channel];
    const portion = Math.floor((perMinute ?? perHour) * PORTION);
    // Only what is written in the end was granted: a step may be run again.
    let grant: Grant = { kind: "wait", untilAt: now };
    await budget.change(channel, (state) => {
      const wanted = Math.max(portion, waitingCount());
      grant = takeFrom(state, limitsOf[channel], lane, wanted, now);
      return grant.kind === "granted" ? grant.state : undefined;
    });
    return grant;
  });

  return {
    async take(channel, lane) {
      const paused = await pauses.secondsLeft(channel);
      return paused > 0 || !isLimited(limitsOf[channel]) ? paused : portions.take(channel, lane);
    },
    async pause(channel, delayInSeconds) {
      const until = clock.now() + delayInSeconds * 1000;
      const state = await budget.change(channel, (it) =>
        it.pausedUntil >= until ? undefined : { ...it, pausedUntil: until },
      );
      pauses.note(channel, state.pausedUntil);
    },
    forecast: async (channel, lane, count) =>
      doneAt(await budget.read(channel), limitsOf[channel], lane, count, clock.now()),
  };
}
