/** Work on one thing waits for earlier work on the same thing; work on different things does not wait. */

/** Runs `work` after all earlier work under the same key has ended, however it ended. */
export type Serializer = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

/** Order holds within this process only: correctness across processes is the store's job. */
export function createSerializer(): Serializer {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = tails.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const tail = mine.catch(() => undefined);
    tails.set(key, tail);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}
