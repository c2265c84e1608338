import fc from "fast-check";
import { expect, test } from "vitest";
import { createSerializer } from "./serializer.ts";

test("work under one key never overlaps and keeps its order, whatever fails", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.record({ key: fc.constantFrom("a", "b"), fails: fc.boolean() })),
      async (scheduler, jobs) => {
        const serialize = createSerializer();
        const running = new Set<string>();
        const started: Record<string, number[]> = { a: [], b: [] };

        const results = jobs.map((job, index) =>
          serialize(job.key, async () => {
            expect(running.has(job.key)).toBe(false);
            running.add(job.key);
            started[job.key]?.push(index);
            await scheduler.schedule(Promise.resolve());
            running.delete(job.key);
            if (job.fails) throw new Error("failed");
            return index;
          }).then(
            (value) => ({ value }),
            () => ({ value: -1 }),
          ),
        );
        await scheduler.waitFor(Promise.all(results));

        for (const order of Object.values(started)) {
          expect(order).toEqual([...order].sort((left, right) => left - right));
        }
        expect(await Promise.all(results)).toEqual(
          jobs.map((job, index) => ({ value: job.fails ? -1 : index })),
        );
      },
    ),
  );
});
