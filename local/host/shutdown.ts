/** Ends a host: nothing new, a while for what runs, then everything is let go of. */
import { systemClock } from "../clock.ts";

/** What stopping to take in may take, when a server is gone that must be told. */
const PAUSE_LIMIT_IN_MS = 300;

/** What giving back may take. */
const CLOSE_LIMIT_IN_MS = 500;

/** Waits for a promise, but not for ever; whether it fails does not matter. */
async function atMost(limitInMs: number, promise: Promise<unknown>): Promise<void> {
  await new Promise<void>((resolve) => {
    // The machine's time: what is waited for are sockets and functions.
    const cancel = systemClock.schedule(limitInMs, resolve);
    void promise
      .catch(() => undefined)
      .finally(() => {
        cancel();
        resolve();
      });
  });
}

export interface ShutdownSteps {
  /** Start nothing more. */
  readonly pause: () => Promise<unknown>;
  /** What runs now. */
  readonly drain: () => Promise<unknown>;
  readonly drainInMs: number;
  /** Give back what servers hold for this host. */
  readonly close: () => Promise<unknown>;
}

/** Takes little longer than `drainInMs`, whatever hangs. */
export async function shutDown({ pause, drain, drainInMs, close }: ShutdownSteps): Promise<void> {
  await atMost(PAUSE_LIMIT_IN_MS, pause());
  await atMost(drainInMs, drain());
  await atMost(CLOSE_LIMIT_IN_MS, close());
}
