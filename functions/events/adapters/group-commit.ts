/** Collects what is waiting for the same key, so that one write commits it all; different keys do not wait. */

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupLimits<Item> {
  readonly count: number;
  readonly size: number;
  readonly sizeOf: (item: Item) => number;
}

/** @returns adds an item; settles when its group is committed */
export function createGroupCommit<Item, Outcome>(
  limits: GroupLimits<Item>,
  commit: (key: string, items: readonly Item[]) => Promise<readonly Outcome[]>,
): (key: string, item: Item) => Promise<Outcome> {
  const queues = new Map<string, Waiting<Item, Outcome>[]>();

  const takeGroup = (queue: Waiting<Item, Outcome>[]): Waiting<Item, Outcome>[] => {
    let size = 0;
    let count = 0;
    for (const { item } of queue.slice(0, limits.count)) {
      size += limits.sizeOf(item);
      if (count > 0 && size > limits.size) break;
      count += 1;
    }
    return queue.splice(0, count);
  };

  const commitGroup = async (key: string, group: readonly Waiting<Item, Outcome>[]) => {
    try {
      const outcomes = await commit(
        key,
        group.map(({ item }) => item),
      );
      for (const [index, { resolve }] of group.entries()) resolve(outcomes[index] as Outcome);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };

  const drain = async (key: string, queue: Waiting<Item, Outcome>[]): Promise<void> => {
    await Promise.resolve(); // whatever is added in the same turn joins the first group
    while (queue.length > 0) await commitGroup(key, takeGroup(queue));
    queues.delete(key);
  };

  return (key, item) =>
    new Promise((resolve, reject) => {
      const waiting = { item, resolve, reject };
      const queue = queues.get(key);
      if (queue) {
        queue.push(waiting);
        return;
      }
      const fresh = [waiting];
      queues.set(key, fresh);
      void drain(key, fresh);
    });
}
