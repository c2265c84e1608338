import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketOf, countOf, quantileOf } from "./duration-histogram.ts";
import {
  type DayTally,
  daysOf,
  type ProgressFact,
  retally,
  withFacts,
} from "./instance-progress.ts";

const MINUTE = 60_000_000;
const START = Date.UTC(2026, 0, 5, 22) * 1000;

const moved = (task: string, minutes: number): ProgressFact => ({
  key: `${task}-${minutes}`,
  at: START + minutes * MINUTE,
  step: "moved",
  task,
});
const created: ProgressFact = { key: "created", at: START, step: "created" };
const completed = (minutes: number): ProgressFact => ({
  key: `completed-${minutes}`,
  at: START + minutes * MINUTE,
  step: "completed",
});

/** Takes in facts one group after another, as they arrive. */
function tallied(groups: readonly (readonly ProgressFact[])[]): readonly DayTally[] {
  let known: readonly ProgressFact[] = [];
  let tallies: ReadonlyMap<string, DayTally> = new Map();
  for (const group of groups) {
    const after = withFacts(known, group);
    tallies = retally(tallies, known, after);
    known = after;
  }
  expect(new Set(daysOf(known)).size).toBeLessThanOrEqual(tallies.size);
  return [...tallies.values()]
    .map(({ day, created: count, tasks }) => ({
      day,
      created: count,
      tasks: Object.fromEntries(
        Object.entries(tasks)
          .filter(([, histogram]) => countOf(histogram) > 0)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    }))
    .filter((it) => it.created > 0 || Object.keys(it.tasks).length > 0)
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

test("a task lasts from the move to it until the next step, on the day on which it ends", () => {
  const tallies = tallied([[created, moved("Fill", 0), moved("Sign", 30), completed(180)]]);

  expect(tallies).toEqual([
    { day: "2026-01-05", created: 1, tasks: { Fill: { [bucketOf(30 * 60_000)]: 1 } } },
    { day: "2026-01-06", created: 0, tasks: { Sign: { [bucketOf(150 * 60_000)]: 1 } } },
  ]);
});

test("whatever the order, the grouping and the repetition in which facts come, the tallies are the same", () => {
  const fact = fc.oneof(
    fc.constant(created),
    fc
      .record({ task: fc.constantFrom("A", "B", "C"), at: fc.nat(4000) })
      .map((it) => moved(it.task, it.at)),
    fc.nat(4000).map(completed),
  );
  fc.assert(
    fc.property(
      fc
        .array(fact, { maxLength: 12 })
        .chain((facts) =>
          fc.tuple(
            fc.constant(facts),
            fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 }),
            fc.integer({ min: 1, max: 4 }),
          ),
        ),
      ([facts, shuffled, size]) => {
        const groups = Array.from({ length: Math.ceil(shuffled.length / size) }, (_, index) =>
          shuffled.slice(index * size, (index + 1) * size),
        );

        expect(tallied(groups)).toEqual(tallied([facts]));
      },
    ),
    { numRuns: 1000 },
  );
});

test("quantiles of durations are exact to two and a half per cent", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 10 ** 10 }), { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.9, 0.99),
      (durations, share) => {
        const histogram: Record<string, number> = {};
        for (const it of durations) {
          const bucket = bucketOf(it);
          histogram[bucket] = (histogram[bucket] ?? 0) + 1;
        }
        const sorted = durations.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;

        expect(Math.abs((quantileOf(histogram, share) ?? 0) - exact) / exact).toBeLessThan(0.0251);
      },
    ),
  );
});

test("names of tasks are free text: many of them, or one like a member of every object, do no harm", () => {
  const facts = [
    moved("__proto__", 0),
    moved("constructor", 1),
    ...Array.from({ length: 80 }, (_, index) => moved(`T${index}`, 2 + index)),
  ];

  const [day] = tallied([facts]);

  expect(Object.keys(day?.tasks ?? {})).toHaveLength(81);
});
