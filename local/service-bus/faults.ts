/** Failures on request, for tests of whoever talks to the emulator. */

/** What a client asks for. Scheduling a message is a `send`, settling through the management node a `settle`. */
export type FaultPoint = "send" | "settle";

export interface Fault {
  readonly on: FaultPoint;
  /**
   * `refuse`: answered with "server busy", which clients retry. `lose-request`: the connection is cut and nothing happens.
   * `lose-answer`: it happens, durably, but the connection is cut before the answer. `delay`: it happens later.
   */
  readonly effect: "refuse" | "lose-request" | "lose-answer" | "delay";
  /** @default any queue */
  readonly queue?: string;
  /** How often. @default 1 */
  readonly times?: number;
  /** For the effect `delay`, by the emulator's clock. @default 1000 */
  readonly delayInMs?: number;
}

export interface Faults {
  /** @returns takes it back */
  add(fault: Fault): () => void;
  clear(): void;
  /** Cuts every connection now. */
  disconnectAll(): void;
}

/** The side of the emulator: what is to fail now? */
export interface FaultPlan {
  next(on: FaultPoint, queue: string): Fault | undefined;
}

export function createFaults(disconnectAll: () => void): Faults & FaultPlan {
  const left = new Map<Fault, number>();
  return {
    disconnectAll,
    add(fault) {
      const entry = { ...fault };
      left.set(entry, fault.times ?? 1);
      return () => {
        left.delete(entry);
      };
    },
    clear() {
      left.clear();
    },
    next(on, queue) {
      for (const [fault, times] of left) {
        const isMeant = fault.queue === undefined || fault.queue === queue;
        if (fault.on !== on || !isMeant) continue;
        if (times > 1) left.set(fault, times - 1);
        else left.delete(fault);
        return fault;
      }
      return undefined;
    },
  };
}
