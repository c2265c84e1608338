/** Whether this process can do its work: each dependency asked once, in parallel, within a bound. */
import type { Clock } from "../kernel/ports.ts";

/** Asks one dependency; throws when it is not able. */
export type Check = () => Promise<unknown>;

export interface CheckResult {
  readonly name: string;
  readonly state: "able" | "failing" | "silent";
  readonly tookInMs: number;
}

/** Longest wait for one dependency: the caller of a readiness probe waits no longer than a few seconds itself. */
const PATIENCE_IN_MS = 2000;

const silence = (
  clock: Clock,
): { readonly promise: Promise<"silent">; readonly cancel: () => void } => {
  let cancel = (): void => undefined;
  const promise = new Promise<"silent">((resolve) => {
    cancel = clock.schedule(PATIENCE_IN_MS, () => {
      resolve("silent");
    });
  });
  return { promise, cancel };
};

/** @returns one result for each check, in the order given; never throws */
export function runChecks(
  clock: Clock,
  checks: Readonly<Record<string, Check>>,
): Promise<readonly CheckResult[]> {
  const runOne = async ([name, check]: [string, Check]): Promise<CheckResult> => {
    const startedAt = clock.now();
    const patience = silence(clock);
    const asked = check().then(
      () => "able" as const,
      () => "failing" as const,
    );
    const state = await Promise.race([asked, patience.promise]);
    patience.cancel();
    return { name, state, tookInMs: clock.now() - startedAt };
  };
  return Promise.all(Object.entries(checks).map(runOne));
}
