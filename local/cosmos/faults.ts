/** Faults on purpose: which requests they hit, and what happens to those. */
import type { Operation, OperationType } from "./wire/operation.ts";

/** What happens to a request that is hit. */
export type FaultEffect =
  /** It is not run and answered with that status, as the service would when something is wrong with it. */
  | {
      readonly kind: "status";
      readonly status: 403 | 404 | 408 | 410 | 429 | 449 | 500 | 503;
      readonly substatus?: number;
      /** How long the SDK is to wait after a 429. */
      readonly retryAfterInMs?: number;
    }
  /** It is run later. */
  | { readonly kind: "delay"; readonly delayInMs: number }
  /** It is neither run nor answered. */
  | { readonly kind: "hang" }
  /** The connection breaks: before anything is written, or when all is written but not yet told. */
  | { readonly kind: "reset"; readonly when: "before-commit" | "after-commit" };

export interface Fault {
  readonly effect: FaultEffect;
  /** @default every operation */
  readonly operations?: readonly OperationType[];
  /** @default every container, and what is above containers */
  readonly container?: string;
  /**
   * The first of the matching requests that is hit, from 1.
   *
   * @default 1
   */
  readonly fromRequest?: number;
  /**
   * How many requests are hit.
   *
   * @default Infinity
   */
  readonly count?: number;
  /**
   * From 0 to 1.
   *
   * @default 1
   */
  readonly probability?: number;
  /**
   * Makes the choice by probability repeatable.
   *
   * @default 1
   */
  readonly seed?: number;
}

export interface Faults {
  /** @returns takes the fault away again */
  add(fault: Fault): () => void;
  clear(): void;
}

export interface FaultSource extends Faults {
  /** What happens to this request; of several faults the one that was added first. */
  effectOn(operation: Operation): FaultEffect | undefined;
}

/** @see https://en.wikipedia.org/wiki/Linear_congruential_generator with the constants of Numerical Recipes */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const matches = ({ operations, container }: Fault, operation: Operation): boolean =>
  (operations === undefined || operations.includes(operation.type)) &&
  (container === undefined || container === operation.container);

/** @returns whether the next matching request is hit */
function createAim(fault: Fault): () => boolean {
  const { fromRequest = 1, count = Infinity, probability = 1, seed = 1 } = fault;
  const random = createRandom(seed);
  let seenCount = 0;
  let hitCount = 0;
  return () => {
    seenCount++;
    if (seenCount < fromRequest || hitCount >= count) return false;
    if (probability < 1 && random() >= probability) return false;
    hitCount++;
    return true;
  };
}

export function createFaults(): FaultSource {
  const armed = new Map<Fault, () => boolean>();
  return {
    add(fault) {
      const own = { ...fault };
      armed.set(own, createAim(own));
      return () => {
        armed.delete(own);
      };
    },
    clear: () => {
      armed.clear();
    },
    effectOn(operation) {
      for (const [fault, isHit] of armed) {
        if (matches(fault, operation) && isHit()) return fault.effect;
      }
      return undefined;
    },
  };
}
