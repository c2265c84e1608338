/**
 * Budgets of providers, shared by all instances.
 *
 * An instance takes some messages at once and spends them by itself, so that the document is not the bottleneck. What it
 * has taken and not spent within the minute is lost to that minute: the provider gets less than it allows, never more.
 */
import type { Clock } from "../../kernel/ports.ts";
import type { Documents } from "../../platform/cosmos/documents.ts";
import { type BudgetLimits, doneAt, type Grant, takeFrom } from "../domain/budget.ts";
import type { Lane } from "../domain/notification.ts";
import type { Channel } from "../domain/order.ts";
import type { Budgets } from "../domain/provider-ports.ts";
import { createSharedBudget, type SharedBudget } from "./shared-budget.ts";

/** The part of a minute's limit that an instance takes at once. */
const PORTION = 0.05;

/** A pause holds everywhere after this long at the latest. */
const LOOK_EVERY_IN_MS = 1000;

const MINUTE = 60_000;

const isLimited = ({ perMinute, perHour }: BudgetLimits): boolean =>
  perMinute !== undefined || perHour !== undefined;

const secondsUntil = (at: number, now: number): number => Math.max(0, Math.ceil((at - now) / 1000));

/** How long a channel is paused, by a look at the document once a second. */
function createPauses(budget: SharedBudget, clock: Clock) {
  const looks = new Map<Channel, { readonly at: number; readonly until: number }>();
  const note = (channel: Channel, until: number): void => {
    looks.set(channel, { at: clock.now(), until });
  };
  return {
    note,
    async secondsLeft(channel: Channel): Promise<number> {
      const known = looks.get(channel);
      if (!known || clock.now() - known.at >= LOOK_EVERY_IN_MS) {
        note(channel, (await budget.read(channel)).pausedUntil);
      }
      return secondsUntil(looks.get(channel)?.until ?? 0, clock.now());
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
  const portions = new Map<string, { left: number; readonly minute: number }>();
  const minuteNow = (): number => Math.floor(clock.now() / MINUTE);

  /** Adds to what is left: several may have taken a portion at the same time. */
  const keep = (key: string, count: number): void => {
    const minute = minuteNow();
    const known = portions.get(key);
    const left = known?.minute === minute ? known.left : 0;
    portions.set(key, { left: left + count, minute });
  };

  const takePortion = async (channel: Channel, lane: Lane): Promise<number> => {
    const { perMinute, perHour = 0 } = limitsOf[channel];
    const wanted = Math.max(1, Math.floor((perMinute ?? perHour) * PORTION));
    const now = clock.now();
    // Only what is written in the end was granted: a step may be run again.
    let grant: Grant | undefined;
    await budget.change(channel, (state) => {
      grant = takeFrom(state, limitsOf[channel], lane, wanted, now);
      return grant.kind === "granted" ? grant.state : undefined;
    });
    if (grant?.kind !== "granted") return secondsUntil(grant?.untilAt ?? now, now);
    keep(`${channel}/${lane}`, grant.count - 1);
    return 0;
  };

  return {
    async take(channel, lane) {
      const paused = await pauses.secondsLeft(channel);
      if (paused > 0 || !isLimited(limitsOf[channel])) return paused;
      const portion = portions.get(`${channel}/${lane}`);
      if (!portion || portion.left === 0 || portion.minute !== minuteNow()) {
        return takePortion(channel, lane);
      }
      portion.left -= 1;
      return 0;
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
