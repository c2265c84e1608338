import fc from "fast-check";
import { expect, test } from "vitest";
import type { ResourceEvent } from "../domain/cloud-event.ts";
import { createCursors } from "../domain/feed-cursor.ts";
import type { Decisions, FeedEntry } from "../domain/ports.ts";
import { type FeedQuery, type ReadableFeed, readFeed, type ReadFeedPorts } from "./read-feed.ts";

const anEntry = (number: number): FeedEntry => ({
  number,
  stored: {
    key: `k${number}`,
    subject: "/party/1",
    sequence: number,
    registeredAt: "2026-01-01T00:00:00.0000000Z",
    traceparent: "",
    event: {
      specversion: "1.0",
      id: `e${number}`,
      source: "/1",
      type: number % 2 === 0 ? "even" : "odd",
      resource: "urn:altinn:resource:a",
    } satisfies ResourceEvent,
  },
});

/** A numbered feed in memory; `firstKept` is the oldest that has not expired. */
const aFeed = (state: { last: number; firstKept: number }): ReadableFeed => ({
  name: "feed",
  read: (after, limit) => {
    const from = Math.max(after + 1, state.firstKept);
    const count = Math.max(0, Math.min(limit, state.last - from + 1));
    return Promise.resolve(Array.from({ length: count }, (_, index) => anEntry(from + index)));
  },
  lastNumber: () => Promise.resolve(state.last),
  find: (eventId) => {
    const number = Number(eventId.slice(1));
    return Promise.resolve(number >= state.firstKept && number <= state.last ? number : undefined);
  },
});

const portsWith = (isVisible: (number: number) => boolean): ReadFeedPorts => ({
  cursors: createCursors("a-key-of-thirty-two-characters-or-more"),
  whenUnknown: "reject",
  decisions: {
    decide: (questions) =>
      Promise.resolve(
        questions.map(({ resource }) => {
          const id = resource.find(({ attributeId }) => attributeId === "urn:altinn:event-id");
          return isVisible(Number(id?.value.slice(1)));
        }),
      ),
  } satisfies Decisions,
});

const aQuery = (overrides: Partial<FeedQuery>): FeedQuery => ({
  after: "0",
  size: 50,
  isWanted: () => true,
  caller: { claims: {}, scopes: new Set(), authenticationLevel: 3, isOrg: true },
  action: "subscribe",
  ...overrides,
});

test("whatever is published between pages of any size, a reader sees all it may see, once and in order", async () => {
  const step = fc.record({ published: fc.nat(400), size: fc.integer({ min: 1, max: 90 }) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 300 }),
      fc.boolean(),
      async (steps, everyNth, isOddOnly) => {
        const state = { last: 0, firstKept: 1 };
        const isVisible = (number: number): boolean => number % everyNth === 0;
        const ports = portsWith(isVisible);
        const isWanted: FeedQuery["isWanted"] = ({ event }) => !isOddOnly || event.type === "odd";
        const seen: number[] = [];
        let after = "0";
        const read = async (size: number): Promise<string> => {
          const page = await readFeed(ports, aFeed(state), aQuery({ after, size, isWanted }));
          if (page.kind !== "page") throw new Error(page.kind);
          expect(page.events.length).toBeLessThanOrEqual(size);
          seen.push(...page.events.map(({ sequence }) => sequence));
          return page.next;
        };

        for (const { published, size } of steps) {
          state.last += published;
          after = await read(size);
        }
        for (let next = await read(50); next !== after; next = await read(50)) after = next;

        const all = Array.from({ length: state.last }, (_, index) => index + 1);
        expect(seen).toEqual(all.filter((it) => isVisible(it) && (!isOddOnly || it % 2 === 1)));
      },
    ),
    { numRuns: 1000 },
  );
});

test("EV-D02: a cursor whose next events have expired is told, with the oldest that is left", async () => {
  const ports = portsWith(() => true);
  const { cursors } = ports;
  const feed = aFeed({ last: 20, firstKept: 11 });

  const expired = await readFeed(ports, feed, aQuery({ after: cursors.encode("feed", 5) }));
  const intact = await readFeed(ports, feed, aQuery({ after: cursors.encode("feed", 10) }));

  expect(expired).toEqual({ kind: "cursor-expired", oldest: cursors.encode("feed", 10) });
  expect(intact).toMatchObject({ kind: "page" });
});

test("EV-D02: the setting for a migration begins again at the oldest event", async () => {
  const ports: ReadFeedPorts = { ...portsWith(() => true), whenUnknown: "restart" };

  const page = await readFeed(ports, aFeed({ last: 2, firstKept: 1 }), aQuery({ after: "gone" }));

  expect(page).toMatchObject({ kind: "page", events: [{ sequence: 1 }, { sequence: 2 }] });
});

test("EV-D13: who begins at the newest sees only what comes after", async () => {
  const ports = portsWith(() => true);
  const state = { last: 5, firstKept: 1 };
  const first = await readFeed(ports, aFeed(state), aQuery({ after: "newest" }));
  if (first.kind !== "page") throw new Error(first.kind);
  state.last = 7;

  const second = await readFeed(ports, aFeed(state), aQuery({ after: first.next }));

  expect(first.events).toEqual([]);
  expect(second).toMatchObject({ events: [{ sequence: 6 }, { sequence: 7 }] });
});
