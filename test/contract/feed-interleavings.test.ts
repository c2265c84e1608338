/** The whole way from publishers to readers, in every order that a seed can think of, with connections that break. */
import { ChangeFeedStartFrom } from "@azure/cosmos";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createCosmosEventFeeds } from "../../functions/events/adapters/cosmos-event-feeds.ts";
import { createCosmosEventStore } from "../../functions/events/adapters/cosmos-event-store.ts";
import { createCursors } from "../../functions/events/domain/feed-cursor.ts";
import type { NewEvent, StoredEvent } from "../../functions/events/domain/stored-event.ts";
import { logFeed, subjectFeed } from "../../functions/events/triggers/feeds.ts";
import { storedEventsIn } from "../../functions/events/triggers/stored-changes.ts";
import { feedOfResource, projectEvents } from "../../functions/events/use-cases/project-events.ts";
import {
  type ReadableFeed,
  readFeed,
  type ReadFeedPorts,
} from "../../functions/events/use-cases/read-feed.ts";
import { createAppendLog } from "../../functions/platform/cosmos/append-log.ts";
import type { Documents } from "../../functions/platform/cosmos/documents.ts";
import { createVirtualClock } from "../../local/virtual-clock.ts";
import { startTestCosmos, type TestCosmos } from "../support/cosmos.ts";
import { BrokenConnection, createMemoryDocuments } from "../support/memory-documents.ts";
import { patiently } from "../support/patient-documents.ts";
import { createSeededRandom, createTurnstile } from "../support/turnstile.ts";

const RESOURCE = "urn:altinn:resource:a";

/** Small, so that a run crosses boundaries. */
const NUMBERS_PER_BUCKET = 4;

const clock = createVirtualClock();

const anEvent = (subject: string, id: string): NewEvent => ({
  event: { specversion: "1.0", id, source: "/s", type: "t", resource: RESOURCE, subject },
  isTimeOurs: false,
  traceparent: "",
});

const ports: ReadFeedPorts = {
  cursors: createCursors("a-key-of-thirty-two-characters-or-more"),
  whenUnknown: "reject",
  decisions: { decide: (questions) => Promise.resolve(questions.map(() => true)) },
};

/** Does it again until the connection holds; with the memory of a process that has just started. */
async function untilDone<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof BrokenConnection)) throw error;
    }
  }
}

interface Plan {
  readonly subjects: number;
  /** For each publisher the groups in which it publishes. */
  readonly publishers: readonly (readonly number[])[];
  readonly size: number;
  /** Projectors that hold the lease, or believe that they do. */
  readonly projectors: number;
}

interface Containers {
  /** A while in which others go on. */
  readonly idle: () => Promise<void>;
  readonly events: Documents;
  readonly feeds: Documents;
  /** The stored events that the change feed has after so many others. */
  readonly storedAfter: (place: number) => Promise<readonly StoredEvent[]>;
}

const eventsOf = ({ subjects, publishers }: Plan): readonly (readonly NewEvent[])[][] =>
  publishers.map((groups, publisher) =>
    groups.map((count, group) =>
      Array.from({ length: count }, (_, index) =>
        anEvent(`/party/${(group + index) % subjects}`, `${publisher}-${group}-${index}`),
      ),
    ),
  );

/** The actors of a run, and what its readers saw. */
function stage({ events, feeds, storedAfter, idle }: Containers, plan: Plan) {
  const published = eventsOf(plan);
  const total = published.flat(2).length;
  const writers = new Set<Promise<void>>();
  /** Counts as writing until it ends. */
  const writing = (writer: Promise<void>): Promise<void> => {
    writers.add(writer);
    return writer.finally(() => writers.delete(writer));
  };
  const aStore = () => createCosmosEventStore(events, clock);
  const aFeed = () => createCosmosEventFeeds(createAppendLog(feeds, NUMBERS_PER_BUCKET), feeds);

  const publish = async (groups: readonly (readonly NewEvent[])[]): Promise<void> => {
    for (const group of groups) await untilDone(() => aStore().append(group));
  };
  /** One that holds a lease, or believes that it does: two of them bring the same changes. */
  const project = async (): Promise<void> => {
    for (let place = 0; place < total;) {
      const stored = await untilDone(() => storedAfter(place));
      await untilDone(() => projectEvents({ feeds: aFeed() }, stored));
      place += stored.length;
    }
  };
  /** Reads on until everything is written and nothing comes any more. */
  const read = async (feedOf: () => ReadableFeed): Promise<readonly StoredEvent[]> => {
    const seen: StoredEvent[] = [];
    const caller = { claims: {}, scopes: new Set<string>(), authenticationLevel: 3, isOrg: true };
    for (let after = "0"; ;) {
      const isAllWritten = writers.size === 0;
      const query = {
        after,
        size: plan.size,
        isWanted: () => true,
        caller,
        action: "read" as const,
      };
      const page = await untilDone(() => readFeed(ports, feedOf(), query));
      if (page.kind !== "page") throw new Error(page.kind);
      if (page.next === after) {
        if (isAllWritten) return seen;
        await idle();
      }
      seen.push(...page.events);
      after = page.next;
    }
  };
  return { published, writing, aStore, aFeed, publish, project, read };
}

/** Runs a plan and checks what each reader saw: every event of its feed once, each subject's in the order of the store. */
async function expectEachOnceInOrder(
  containers: Containers,
  plan: Plan,
  together: (actors: readonly Promise<unknown>[]) => Promise<unknown>,
): Promise<void> {
  const { published, writing, aStore, aFeed, publish, project, read } = stage(containers, plan);
  const writers = [
    ...published.map(publish),
    ...Array.from({ length: plan.projectors }, project),
  ].map(writing);
  const readers = [
    read(() => logFeed(aFeed(), feedOfResource(RESOURCE))),
    read(() => subjectFeed(aStore(), "/party/0")),
  ];
  await together([...writers, ...readers]);

  const [one = [], ofSubject = []] = await Promise.all(readers);
  const ids = published.flat(2).map(({ event }) => event.id);
  expect(one.map(({ event }) => event.id).sort()).toEqual([...ids].sort());
  const ofFirst = published.flat(2).filter(({ event }) => event.subject === "/party/0");
  expect(ofSubject).toHaveLength(ofFirst.length);
  expect(ofSubject.map(({ sequence }) => sequence)).toEqual(ofSubject.map((_, i) => i + 1));
  for (let subject = 0; subject < plan.subjects; subject++) {
    const sequences = one
      .filter((it) => it.subject === `/party/${subject}`)
      .map((it) => it.sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  }
}

const aPlan = fc.record({
  subjects: fc.integer({ min: 1, max: 2 }),
  publishers: fc.array(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 3,
  }),
  size: fc.integer({ min: 1, max: 5 }),
  projectors: fc.constantFrom(1, 1, 1, 2),
});

/* eslint vitest/expect-expect: ["error", { assertFunctionNames: ["expect", "expectEachOnceInOrder"] }] */
test("EV-D61: any interleaving of publishers, crashes, projections and readers, any page size: each reader sees each event of its feed exactly once, in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      aPlan,
      fc.integer(),
      fc.constantFrom(0, 0.02, 0.1),
      async (plan, seed, chance) => {
        const random = createSeededRandom(seed);
        const turnstile = createTurnstile(random);
        const options = { pass: () => turnstile.pass(), breaks: () => random() < chance };
        const events = createMemoryDocuments({ ...options, partitionKeyPaths: ["subject"] });
        const feeds = createMemoryDocuments({ ...options, partitionKeyPaths: ["feed", "bucket"] });
        const storedAfter = async (place: number): Promise<readonly StoredEvent[]> => {
          await turnstile.pass();
          return storedEventsIn(events.changes).slice(place);
        };
        const idle = async (): Promise<void> => {
          for (let turns = 0; turns < 8; turns++) await turnstile.pass();
        };
        await expectEachOnceInOrder({ events, feeds, storedAfter, idle }, plan, (actors) =>
          turnstile.run(actors),
        );
      },
    ),
    { numRuns: 10_000 },
  );
}, 180_000);

/** The stored events in the order of the real change feed; events never change, so their order does not. */
async function followed(cosmos: TestCosmos): Promise<readonly StoredEvent[]> {
  const found: unknown[] = [];
  const iterator = cosmos.database.container("events").items.getChangeFeedIterator({
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- what the SDK's factory makes
    changeFeedStartFrom: ChangeFeedStartFrom.Beginning(),
  });
  for (let isUnchanged = false; !isUnchanged;) {
    const page = await iterator.readNext();
    isUnchanged = page.statusCode === 304;
    if (!isUnchanged) found.push(...page.result);
  }
  return storedEventsIn(found);
}

test("the same over the real SDK and the local Cosmos DB, whose connections break too", async () => {
  await fc.assert(
    fc.asyncProperty(aPlan, fc.nat(), async (plan, seed) => {
      const cosmos = await startTestCosmos();
      const reset = { operations: ["Batch" as const], probability: 0.1 };
      cosmos.server.faults.add({ ...reset, seed, effect: { kind: "reset", when: "after-commit" } });
      cosmos.server.faults.add({
        ...reset,
        seed: seed + 1,
        effect: { kind: "reset", when: "before-commit" },
      });
      const containers: Containers = {
        events: patiently(cosmos.documentsIn("events")),
        feeds: patiently(cosmos.documentsIn("feeds")),
        idle: () => Promise.resolve(),
        storedAfter: async (place) => (await followed(cosmos)).slice(place),
      };
      try {
        await expectEachOnceInOrder(containers, plan, (actors) => Promise.all(actors));
      } finally {
        await cosmos.stop();
      }
    }),
    { numRuns: 8 },
  );
}, 60_000);
