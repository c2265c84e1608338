/** Asks a receiver of Event Grid for its consent before anything is sent to it. */
import type { Clock } from "../../clock.ts";
import type { SettingsHolder } from "../settings.ts";

export interface Handshake {
  /** Starts to ask where that has not been done; @returns whether the receiver has agreed */
  isDone(receiver: string): boolean;
  forget(): void;
  /** What is under way; undefined when nothing is. */
  readonly underWay: Promise<void> | undefined;
}

export interface HandshakePorts {
  readonly clock: Clock;
  readonly settings: SettingsHolder;
}

/** The wait between two tries with a receiver that does not agree. */
const WAIT_IN_MS = 10_000;

/**
 * @param validate tells why the receiver must not be sent to
 * @param ended is called after each try, `retryInMs` when it must be tried again
 */
export function createHandshake(
  { clock, settings }: HandshakePorts,
  validate: (receiver: string) => Promise<string | undefined>,
  ended: (retryInMs: number | undefined) => void,
): Handshake {
  let underWay: Promise<void> | undefined;
  let validReceiver: string | undefined;
  let nextTryAt = 0;

  const ask = async (receiver: string): Promise<void> => {
    const refusal = await validate(receiver);
    underWay = undefined;
    if (refusal === undefined) {
      validReceiver = receiver;
      ended(undefined);
      return;
    }
    const waitInMs = WAIT_IN_MS * settings.current.retryFactor;
    nextTryAt = clock.now() + waitInMs;
    ended(waitInMs);
  };

  return {
    isDone(receiver) {
      if (validReceiver === receiver) return true;
      if (clock.now() >= nextTryAt) underWay ??= ask(receiver);
      return false;
    },
    forget() {
      validReceiver = undefined;
      nextTryAt = 0;
    },
    get underWay() {
      return underWay;
    },
  };
}
