/** Time as a port for every server of the local stack, so that a test can be an hour ahead at once. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /**
   * Runs `callback` once, `delayInMs` from now; never earlier.
   *
   * @returns cancels it; harmless when it has already run
   */
  schedule(delayInMs: number, callback: () => void): () => void;
}

/** Longest delay a Node timer keeps; a longer one would fire at once. */
const MAX_TIMER_IN_MS = 2_147_483_647;

/** The machine's time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  // eslint-disable-next-line no-restricted-syntax -- this is the clock
  now: () => Date.now(),
  schedule(delayInMs, callback) {
    let timer: NodeJS.Timeout;
    const arm = (remainingInMs: number): void => {
      const step = Math.min(Math.max(remainingInMs, 0), MAX_TIMER_IN_MS);
      timer = setTimeout(() => {
        if (remainingInMs > step) arm(remainingInMs - step);
        else callback();
      }, step).unref();
    };
    arm(delayInMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
