import fc from "fast-check";
import { expect, test } from "vitest";
import { PriorityQueue } from "./priority-queue.ts";

const items = Array.from({ length: 12 }, (_, index) => ({ index }));
const step = fc.record({ item: fc.constantFrom(...items), key: fc.option(fc.nat({ max: 5 })) });

test("it is a list sorted by key, then by when the key was set", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new PriorityQueue<(typeof items)[number]>();
      let list: { item: (typeof items)[number]; key: number }[] = [];

      for (const { item, key } of steps) {
        list = list.filter((entry) => entry.item !== item);
        if (key === null) queue.delete(item);
        else {
          queue.set(item, key);
          list.push({ item, key });
          list.sort((a, b) => a.key - b.key);
        }
        expect([queue.size, queue.first()?.item, queue.first()?.key]).toEqual([
          list.length,
          list[0]?.item,
          list[0]?.key,
        ]);
      }
      for (const { item } of list) {
        expect(queue.first()?.item).toBe(item);
        queue.delete(item);
      }
      expect(queue.first()).toBeUndefined();
    }),
  );
});
