/** Collects what is waiting for the same key, so that one write (or one question) does it all; different keys do not wait. */

interface Waiting<Item, Outcome> {
  /** Belong together: they are committed in one write. */
  readonly unit: readonly Item[];
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

/** How much may be committed together. */
export interface GroupLimits<Item> {
  readonly count: number;
  readonly size: number;
  readonly sizeOf: (item: Item) => number;
}

const sizeOfAll = <Item>(limits: GroupLimits<Item>, items: readonly Item[]): number =>
  items.reduce((size, item) => size + limits.sizeOf(item), 0);

/** Cuts items, in order, into as few units as the limits allow; an item that is too large is a unit by itself. */
export function unitsOf<Item>(
  limits: GroupLimits<Item>,
  items: readonly Item[],
): readonly (readonly Item[])[] {
  const units: Item[][] = [];
  let size = 0;
  for (const item of items) {
    const last = units.at(-1);
    size += limits.sizeOf(item);
    if (last && last.length < limits.count && size <= limits.size) {
      last.push(item);
    } else {
      units.push([item]);
      size = limits.sizeOf(item);
    }
  }
  return units;
}

/**
 * Groups by the way: a group takes what has come while the one before was under way.
 *
 * @returns adds a unit that is within the limits; settles when its group is committed
 */
export function createGroupCommit<Item, Outcome>(
  limits: GroupLimits<Item>,
  commit: (key: string, items: readonly Item[]) => Promise<readonly Outcome[]>,
): (key: string, unit: readonly Item[]) => Promise<readonly Outcome[]> {
  const queues = new Map<string, Waiting<Item, Outcome>[]>();

  /** As many of the waiting units as fit, at least one; a unit is never cut. */
  const takeGroup = (queue: Waiting<Item, Outcome>[]): Waiting<Item, Outcome>[] => {
    let [size, count, taken] = [0, 0, 0];
    for (const { unit } of queue) {
      count += unit.length;
      size += sizeOfAll(limits, unit);
      if (taken > 0 && (count > limits.count || size > limits.size)) break;
      taken += 1;
    }
    return queue.splice(0, taken);
  };

  const commitGroup = async (key: string, group: readonly Waiting<Item, Outcome>[]) => {
    try {
      const outcomes = await commit(
        key,
        group.flatMap(({ unit }) => unit),
      );
      let from = 0;
      for (const { unit, resolve } of group) {
        resolve(outcomes.slice(from, from + unit.length));
        from += unit.length;
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };

  const drain = async (key: string, queue: Waiting<Item, Outcome>[]): Promise<void> => {
    await Promise.resolve(); // whatever is added in the same turn joins the first group
    while (queue.length > 0) await commitGroup(key, takeGroup(queue));
    queues.delete(key);
  };

  return (key, unit) =>
    new Promise((resolve, reject) => {
      const waiting = { unit, resolve, reject };
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
