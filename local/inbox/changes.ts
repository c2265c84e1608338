/** Waiting for something to be captured, without asking again and again. */
import type { Clock } from "../clock.ts";

export interface Patience {
  /** 0 or less: what is there now. */
  readonly timeoutInMs: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
}

export interface Changes {
  /** Wakes everybody who waits. */
  readonly changed: () => void;
  /** Another text after every change, and after a restart. */
  readonly version: () => string;
  /** @returns what `look` finds: at once, after a change, or when the time is over */
  waitFor<Found>(
    look: () => Found,
    isEnough: (found: Found) => boolean,
    patience: Patience,
  ): Promise<Found>;
}

export function createChanges(clock: Clock): Changes {
  const waiting = new Set<() => void>();
  const startedAt = clock.now();
  let count = 0;
  return {
    version: () => `${startedAt}-${count}`,
    changed() {
      count++;
      for (const wake of [...waiting]) wake();
    },
    waitFor<Found>(
      look: () => Found,
      isEnough: (found: Found) => boolean,
      { timeoutInMs, signal }: Patience,
    ) {
      const found = look();
      if (timeoutInMs <= 0 || isEnough(found)) return Promise.resolve(found);
      return new Promise<Found>((resolve) => {
        const end = (last: Found): void => {
          waiting.delete(wake);
          cancel();
          signal?.removeEventListener("abort", giveUp);
          resolve(last);
        };
        const wake = (): void => {
          const now = look();
          if (isEnough(now)) end(now);
        };
        // Nobody reads the answer any more, and the store may be closed.
        const giveUp = (): void => {
          end(found);
        };
        const cancel = clock.schedule(timeoutInMs, () => {
          end(look());
        });
        waiting.add(wake);
        signal?.addEventListener("abort", giveUp, { once: true });
      });
    },
  };
}
