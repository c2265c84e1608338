/** Work about one thing is done by one at a time; what comes meanwhile waits, and is done together in the next round. */

/**
 * Does a piece of work in its round.
 *
 * @param key what the work is about
 * @param run does the work of a round; results in the order of the items. When it throws, each of them has failed
 * @throws what became of the item
 */
export type Rounds<Item, Result> = (
  key: string,
  item: Item,
  run: (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>,
) => Promise<Result>;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

const tell = <Result>(
  { resolve, reject }: Waiting<unknown, Result>,
  outcome: PromiseSettledResult<Result> | undefined,
): void => {
  if (outcome?.status === "fulfilled") resolve(outcome.value);
  else reject(outcome?.reason);
};

/** Rounds of at most so many pieces of work. */
export function createRounds<Item, Result>(maxItems: number): Rounds<Item, Result> {
  /** There while a round of the key is under way. */
  const queues = new Map<string, Waiting<Item, Result>[]>();

  return (key, item, run) =>
    new Promise((resolve, reject) => {
      const waiting = { item, resolve, reject };
      const known = queues.get(key);
      if (known) {
        known.push(waiting);
        return;
      }
      const queue = [waiting];
      queues.set(key, queue);
      const runAll = async (): Promise<void> => {
        while (queue.length > 0) {
          const round = queue.splice(0, maxItems);
          try {
            const outcomes = await run(round.map((it) => it.item));
            for (const [index, it] of round.entries()) tell(it, outcomes[index]);
          } catch (error) {
            for (const it of round) it.reject(error);
          }
        }
        queues.delete(key);
      };
      void runAll();
    });
}
