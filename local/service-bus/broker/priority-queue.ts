/** A binary heap whose items can be moved and removed wherever they are. */

interface Entry<Item> {
  readonly item: Item;
  readonly key: number;
  /** Breaks ties: first come, first served. */
  readonly order: number;
  index: number;
}

const isBefore = <Item>(a: Entry<Item>, b: Entry<Item>): boolean =>
  a.key < b.key || (a.key === b.key && a.order < b.order);

/** Items by ascending key, equal keys in the order in which they were set. */
export class PriorityQueue<Item extends object> {
  readonly #heap: Entry<Item>[] = [];
  readonly #entries = new Map<Item, Entry<Item>>();
  #nextOrder = 0;

  get size(): number {
    return this.#heap.length;
  }

  first(): { readonly item: Item; readonly key: number } | undefined {
    return this.#heap[0];
  }

  /** Adds the item, or moves it to its new key. */
  set(item: Item, key: number): void {
    this.delete(item);
    const entry: Entry<Item> = { item, key, order: this.#nextOrder++, index: this.#heap.length };
    this.#heap.push(entry);
    this.#entries.set(item, entry);
    this.#rise(entry);
  }

  /** Harmless when the item is not there. */
  delete(item: Item): void {
    const entry = this.#entries.get(item);
    if (!entry) return;
    this.#entries.delete(item);
    const last = this.#heap.pop();
    if (!last || last === entry) return;
    this.#put(last, entry.index);
    this.#rise(last);
    this.#sink(last);
  }

  #put(entry: Entry<Item>, index: number): void {
    entry.index = index;
    this.#heap[index] = entry;
  }

  #rise(entry: Entry<Item>): void {
    while (entry.index > 0) {
      const parent = this.#heap[(entry.index - 1) >> 1];
      if (!parent || !isBefore(entry, parent)) return;
      const { index } = parent;
      this.#put(parent, entry.index);
      this.#put(entry, index);
    }
  }

  #sink(entry: Entry<Item>): void {
    for (;;) {
      const left = this.#heap[2 * entry.index + 1];
      const right = this.#heap[2 * entry.index + 2];
      const child = left && right && isBefore(right, left) ? right : left;
      if (!child || !isBefore(child, entry)) return;
      const { index } = child;
      this.#put(child, entry.index);
      this.#put(entry, index);
    }
  }
}
