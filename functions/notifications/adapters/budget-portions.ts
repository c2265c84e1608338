/** What an instance has taken of the providers' budgets and spends by itself, message by message. */
import type { Clock } from "../../kernel/ports.ts";
import type { Grant } from "../domain/budget.ts";
import type { Lane } from "../domain/notification.ts";
import type { Channel } from "../domain/order.ts";

/**
 * Takes some messages out of a shared budget, as it is at `now`.
 *
 * @param waitingCount how many messages wait for it by then: they are granted together as far as there is room
 */
export type TakePortion = (
  channel: Channel,
  lane: Lane,
  now: number,
  waitingCount: () => number,
) => Promise<Grant>;

export interface Portions {
  /** @returns 0 when a message may go now, otherwise in how many seconds to ask again */
  take(channel: Channel, lane: Lane): Promise<number>;
}

const MINUTE = 60_000;

const minuteOf = (at: number): number => Math.floor(at / MINUTE);

/** Whole ones, rounded up; 0 when it has passed. */
export const secondsUntil = (at: number, now: number): number =>
  Math.max(0, Math.ceil((at - now) / 1000));

interface Portion {
  left: number;
  /** In whose limit it was counted: it cannot be spent in another. */
  readonly minute: number;
}

interface Refill {
  readonly done: Promise<void>;
  waitingCount: number;
}

/** Of those who find nothing left, one takes a portion and the others wait for it. */
export function createPortions(clock: Clock, takePortion: TakePortion): Portions {
  const portions = new Map<string, Portion>();
  /** Until then whoever asked the budget would hear the same: what is spent stays so. */
  const spentUntil = new Map<string, number>();
  const refills = new Map<string, Refill>();

  const refill = async (channel: Channel, lane: Lane, key: string): Promise<void> => {
    const now = clock.now();
    const waitingCount = (): number => refills.get(key)?.waitingCount ?? 1;
    const grant = await takePortion(channel, lane, now, waitingCount);
    if (grant.kind === "granted") portions.set(key, { left: grant.count, minute: minuteOf(now) });
    else spentUntil.set(key, grant.untilAt);
  };

  const refillOnce = (channel: Channel, lane: Lane, key: string): Promise<void> => {
    const known = refills.get(key);
    if (known) {
      known.waitingCount += 1;
      return known.done;
    }
    const done = refill(channel, lane, key).finally(() => refills.delete(key));
    refills.set(key, { done, waitingCount: 1 });
    return done;
  };

  return {
    async take(channel, lane) {
      const key = `${channel}/${lane}`;
      for (;;) {
        const now = clock.now();
        const portion = portions.get(key);
        if (portion && portion.left > 0 && portion.minute === minuteOf(now)) {
          portion.left -= 1;
          return 0;
        }
        const seconds = secondsUntil(spentUntil.get(key) ?? 0, now);
        if (seconds > 0) return seconds;
        await refillOnce(channel, lane, key);
      }
    },
  };
}
