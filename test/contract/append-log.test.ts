/** The append-only log on the local Cosmos DB, through the real SDK. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AppendLog, createAppendLog } from "../../functions/platform/cosmos/append-log.ts";
import { startTestCosmos, type TestCosmos } from "../support/cosmos.ts";

/** Small, so that a test crosses many boundaries. */
const NUMBERS_PER_BUCKET = 7;

describe("append-only log", () => {
  let cosmos: TestCosmos;
  let nextFeed = 0;
  const aFeed = (): string => `feed:${nextFeed++}`;
  const aLog = (): AppendLog => createAppendLog(cosmos.documentsIn("feeds"), NUMBERS_PER_BUCKET);

  beforeAll(async () => {
    cosmos = await startTestCosmos();
  });
  afterAll(async () => {
    await cosmos.stop();
  });

  const entries = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: `entry-${from + index}`,
      payload: { n: from + index },
    }));

  const readAll = async (log: AppendLog, feed: string, pageSize: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let after = 0; ;) {
      const page = await log.read(feed, after, pageSize);
      const last = page.at(-1);
      if (!last) return ids;
      expect(page.map(({ number }) => number)).toEqual(page.map((_, index) => after + 1 + index));
      ids.push(...page.map(({ id }) => id));
      after = last.number;
    }
  };

  test("an empty feed ends at 0 and has nothing to read", async () => {
    const feed = aFeed();

    expect(await aLog().lastNumber(feed)).toBe(0);
    expect(await aLog().read(feed, 0, 10)).toEqual([]);
    expect(await aLog().find(feed, "entry-0")).toBeUndefined();
  });

  test("entries are numbered from 1 without gaps, across buckets and batches", async () => {
    const feed = aFeed();
    const log = aLog();

    expect(await log.append(feed, entries(0, 250))).toBe(250);

    expect(await log.lastNumber(feed)).toBe(250);
    expect(await readAll(log, feed, 100)).toEqual(entries(0, 250).map(({ id }) => id));
    expect(await log.find(feed, "entry-99")).toBe(100);
  });

  const readAllBack = async (log: AppendLog, feed: string, pageSize: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let before = Infinity; ;) {
      const page = await log.readBack(feed, before, pageSize);
      const last = page.at(-1);
      if (!last) return ids;
      ids.push(...page.map(({ id }) => id));
      before = last.number;
    }
  };

  test("NO-D40: read in either direction, with any size of page, each entry comes once and in order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(40),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(45),
        async (count, pageSize, from) => {
          const feed = aFeed();
          await aLog().append(feed, entries(0, count));
          const wanted = entries(0, count).map(({ id }) => id);

          expect(await readAll(aLog(), feed, pageSize)).toEqual(wanted);
          expect(await readAllBack(aLog(), feed, pageSize)).toEqual(wanted.toReversed());
          const before = await aLog().readBack(feed, from, 100);
          expect(before.map(({ id }) => id)).toEqual(
            wanted.slice(0, Math.max(0, from - 1)).toReversed(),
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  test("a process that has just started finds the end of a feed with many buckets", async () => {
    const feed = aFeed();
    await aLog().append(feed, entries(0, 40));

    expect(await aLog().lastNumber(feed)).toBe(40);
    expect(await aLog().append(feed, entries(40, 1))).toBe(1);
    expect(await aLog().find(feed, "entry-40")).toBe(41);
  });

  test("what was appended before is skipped, also when it lies buckets behind", async () => {
    const feed = aFeed();
    await aLog().append(feed, entries(0, 30));

    expect(await aLog().append(feed, entries(0, 32))).toBe(2);

    expect(await readAll(aLog(), feed, 5)).toEqual(entries(0, 32).map(({ id }) => id));
  });

  test("EV-D61: writers that race and repeat leave each entry once, and no reader skips one", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            writer: fc.nat(2),
            from: fc.nat(40),
            count: fc.integer({ min: 1, max: 12 }),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        fc.integer({ min: 1, max: 9 }),
        async (appends, pageSize) => {
          const feed = aFeed();
          const writers = [aLog(), aLog(), aLog()];
          const seen: string[] = [];
          let isWriting = true;
          const follow = async (): Promise<void> => {
            const log = aLog();
            for (let after = 0; ;) {
              const wasWriting = isWriting;
              const page = await log.read(feed, after, pageSize);
              seen.push(...page.map(({ id }) => id));
              after = page.at(-1)?.number ?? after;
              if (!wasWriting && page.length === 0) return;
            }
          };

          const reader = follow();
          await Promise.all(
            appends.map(({ writer, from, count }) =>
              (writers[writer] ?? aLog()).append(feed, entries(from, count)),
            ),
          );
          isWriting = false;
          await reader;

          const wanted = new Set(
            appends.flatMap(({ from, count }) => entries(from, count).map(({ id }) => id)),
          );
          expect(seen).toHaveLength(wanted.size);
          expect(new Set(seen)).toEqual(wanted);
          expect(await readAll(aLog(), feed, 100)).toEqual(seen);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("a batch whose answer was lost is not appended twice", async () => {
    const feed = aFeed();
    const log = aLog();
    await log.append(feed, entries(0, 3));

    cosmos.server.faults.add({
      effect: { kind: "reset", when: "after-commit" },
      operations: ["Batch"],
      count: 1,
    });
    await log.append(feed, entries(3, 3));

    expect(await readAll(aLog(), feed, 100)).toEqual(entries(0, 6).map(({ id }) => id));
  });
});
