/** `maxConcurrentRequests` and `maxOutstandingRequests`: who runs, who waits, who is turned away. */

export interface ThrottleLimits {
  readonly maxConcurrentRequests: number;
  readonly maxOutstandingRequests: number;
}

export interface Throttle {
  /** @returns false: answer 429; otherwise call `leave` at the end */
  enter(): Promise<boolean>;
  leave(): void;
}

const admitted = Promise.resolve(true);
const refused = Promise.resolve(false);

export function createThrottle(limits: ThrottleLimits): Throttle {
  const { maxConcurrentRequests, maxOutstandingRequests } = limits;
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    enter() {
      if (running + waiting.length >= maxOutstandingRequests) return refused;
      if (running < maxConcurrentRequests) {
        running++;
        return admitted;
      }
      return new Promise((resolve) => {
        waiting.push(() => {
          resolve(true);
        });
      });
    },
    leave() {
      const next = waiting.shift();
      if (next) next();
      else running--;
    },
  };
}
