/** The demo's time line: what happened when, how long it took, and whether it was as it should be. */

export interface TimeLine {
  /**
   * One step. It fails when it throws, or when its check does not hold.
   *
   * @returns what the step made; `undefined` when it failed
   */
  step<Result>(
    title: string,
    run: () => Promise<Result>,
    check?: (result: Result) => string | undefined,
  ): Promise<Result | undefined>;
  readonly passed: () => number;
  readonly failed: () => number;
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3).padStart(7);

export function createTimeLine(print: (line: string) => void): TimeLine {
  const startedAt = performance.now();
  let passedCount = 0;
  let failedCount = 0;

  const note = (title: string, began: number, wrong: string | undefined): void => {
    const took = `${Math.round(performance.now() - began)} ms`.padStart(8);
    const mark = wrong === undefined ? "ok  " : "FAIL";
    print(`${seconds(performance.now() - startedAt)} s  ${took}  ${mark}  ${title}`);
    if (wrong === undefined) passedCount += 1;
    else {
      failedCount += 1;
      print(`${" ".repeat(27)}${wrong}`);
    }
  };

  return {
    passed: () => passedCount,
    failed: () => failedCount,
    async step(title, run, check = () => undefined) {
      const began = performance.now();
      try {
        const result = await run();
        const wrong = check(result);
        note(title, began, wrong);
        return wrong === undefined ? result : undefined;
      } catch (error) {
        note(title, began, error instanceof Error ? error.message : String(error));
        return undefined;
      }
    },
  };
}

/** Tries again until a check holds, for a while; answers the last result either way. */
export async function until<Result>(
  run: () => Promise<Result>,
  holds: (result: Result) => boolean,
  limitInMs = 15_000,
): Promise<Result> {
  const end = performance.now() + limitInMs;
  for (;;) {
    const result = await run();
    if (holds(result) || performance.now() > end) return result;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
