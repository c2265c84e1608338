/** Remembers answers for a short while, by everything that was asked; who asks at the same time shares one question. */
import type { Clock } from "../kernel/ports.ts";

/** Asks unless the answer is remembered. A failure is never remembered. */
export type BriefMemory<Value> = (key: string, ask: () => Promise<Value>) => Promise<Value>;

interface Remembered<Value> {
  readonly answer: Promise<Value>;
  readonly until: number;
}

/** @param maxCount all are forgotten when there are more */
export function createBriefMemory<Value>(
  clock: Clock,
  ageInMs: number,
  maxCount = 10_000,
): BriefMemory<Value> {
  const remembered = new Map<string, Remembered<Value>>();

  return (key, ask) => {
    const now = clock.now();
    const known = remembered.get(key);
    if (known && now < known.until) return known.answer;
    if (remembered.size >= maxCount) remembered.clear();
    const answer = ask();
    const entry = { answer, until: now + ageInMs };
    remembered.set(key, entry);
    answer.catch(() => {
      if (remembered.get(key) === entry) remembered.delete(key);
    });
    return answer;
  };
}
