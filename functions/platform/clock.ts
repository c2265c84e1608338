/** The machine's time. */
import type { Clock } from "../kernel/ports.ts";

export const systemClock: Clock = {
  // eslint-disable-next-line no-restricted-syntax -- this is the clock
  now: () => Date.now(),
  schedule(delayInMs, callback) {
    const timer = setTimeout(callback, delayInMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
