/** `functionTimeout`: fails the one invocation. (Azure's host ends the whole worker process, and every other with it.) */
import type { Clock } from "../../clock.ts";
import type { WithTimeout } from "./invoke.ts";

export class FunctionTimeout extends Error {
  override readonly name = "FunctionTimeout";
}

/** @param limitInMs `Infinity` is without end */
export function createTimeout(clock: Clock, limitInMs: number): WithTimeout {
  if (limitInMs === Infinity) return (_, promise) => promise;
  return (name, promise) =>
    new Promise((resolve, reject) => {
      const cancel = clock.schedule(limitInMs, () => {
        reject(
          new FunctionTimeout(
            `Timeout value of ${limitInMs / 1000} s exceeded by function: Functions.${name}`,
          ),
        );
      });
      promise.then(resolve, reject).finally(cancel);
    });
}
