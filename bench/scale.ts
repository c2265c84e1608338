/**
 * What grows with the data, and what must not: matching beside ever more subscriptions, a feed page beside ever more
 * events. In-process on a local Cosmos DB of its own, with the app's own adapters; what is compared is CPU and wall time
 * of the same work on a small store and on a large one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Container } from "@azure/cosmos";
import { createCosmosEventFeeds } from "../functions/events/adapters/cosmos-event-feeds.ts";
import { createCosmosSubscriptionStore } from "../functions/events/adapters/cosmos-subscription-store.ts";
import { interests, matchKeyOf, matchKeysOf } from "../functions/events/domain/subscription.ts";
import type { ResourceEvent } from "../functions/events/domain/cloud-event.ts";
import type { StoredEvent } from "../functions/events/domain/stored-event.ts";
import { createAppendLog } from "../functions/platform/cosmos/append-log.ts";
import { connectCosmos } from "../functions/platform/cosmos/client.ts";
import { documentsOf } from "../functions/platform/cosmos/documents.ts";
import topology from "../infra/topology.json" with { type: "json" };
import { systemClock } from "../local/clock.ts";
import { provision } from "../local/provision.ts";
import { cosmosInThread } from "../local/threads/servers.ts";
import { percentile } from "./load.ts";
import { type Figure, figure } from "./report.ts";

const SMALL = 1000;
const LARGE = 1_000_000;
const SAMPLES = 300;

/** Subscriptions that are stored by one call of the SDK. */
const AT_ONCE = 400;

const resource = "urn:altinn:resource:bench";
const AT = "2026-01-05T11:00:00Z";
const subjectOf = (index: number): string => `/party/${50_000_000 + index}`;

const eventOf = (index: number): ResourceEvent => ({
  specversion: "1.0",
  id: `e-${index}`,
  source: "https://example.com/letters",
  type: "letter.sent",
  subject: subjectOf(index),
  resource,
});

/** As the store writes it under its match key. */
const subscriptionDocument = (index: number) => {
  const subjectFilter = subjectOf(index);
  return {
    id: String(index + 1),
    key: matchKeyOf(resource, subjectFilter),
    ttl: -1,
    subscription: {
      id: index + 1,
      endPoint: `https://example.com/${index}`,
      consumer: `/user/${index}`,
      createdBy: `/user/${index}`,
      created: AT,
      validated: true,
      matchedSince: AT,
      secret: "whsec_",
      authenticationLevel: 3,
      resourceFilter: resource,
      subjectFilter,
      includeSubunits: false,
    },
  };
};

/** Runs whole steps until there are enough, or the time is over; returns how many there are. */
async function grow(
  from: number,
  to: number,
  perStep: number,
  budgetInMs: number,
  step: (first: number) => Promise<unknown>,
): Promise<number> {
  const endsAt = performance.now() + budgetInMs;
  let count = from;
  while (count < to && performance.now() < endsAt) {
    await step(count);
    count += perStep;
  }
  return count;
}

interface Timing {
  readonly p50: number;
  readonly p99: number;
}

async function timed(work: (index: number) => Promise<unknown>): Promise<Timing> {
  for (let index = 0; index < 50; index++) await work(index);
  const latencies: number[] = [];
  for (let index = 0; index < SAMPLES; index++) {
    const startedAt = performance.now();
    await work(index);
    latencies.push(performance.now() - startedAt);
  }
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

/** A small store and a large one of the same kind, measured by the same work; the ratio is the large over the small. */
function compare(
  name: string,
  { small, large, count }: { small: Timing; large: Timing; count: number },
  report: (figure: Figure) => void,
): void {
  report(figure(`${name}_large_count`, count, "documents"));
  report(figure(`${name}_small_p50`, small.p50, "ms"));
  report(figure(`${name}_small_p99`, small.p99, "ms"));
  report(figure(`${name}_large_p50`, large.p50, "ms", small.p50));
  report(figure(`${name}_large_p99`, large.p99, "ms", small.p99));
}

async function addSubscriptions(container: Container, first: number): Promise<void> {
  const results = await container.items.executeBulkOperations(
    Array.from({ length: AT_ONCE }, (_, place) => {
      const resourceBody = subscriptionDocument(first + place);
      return { operationType: "Create", partitionKey: resourceBody.key, resourceBody } as never;
    }),
  );
  const failed = results.find(({ error }) => error !== undefined);
  if (failed) throw new Error("A subscription was not stored", { cause: failed.error });
}

type Database = ReturnType<typeof connectCosmos>;

async function measureMatching(
  database: Database,
  budgetInMs: number,
  report: (figure: Figure) => void,
): Promise<void> {
  const container = database.container(topology.containers.subscriptions.name);
  const store = createCosmosSubscriptionStore(documentsOf(container, systemClock));
  await store.create(subscriptionDocument(0).subscription);
  const add = (first: number) => addSubscriptions(container, first);
  let count = await grow(1, SMALL, AT_ONCE, Infinity, add);
  const match = async (index: number): Promise<void> => {
    // Spread over all that are there; 7919 is prime.
    const event = eventOf((index * 7919) % count);
    const keys = matchKeysOf(event, await store.hasSubjects(resource));
    const found = (await Promise.all(keys.map((key) => store.listMatching(key)))).flat();
    if (!found.some((it) => interests(it, event))) throw new Error("A subscription was not found");
  };
  const small = await timed(match);
  count = await grow(count, LARGE, AT_ONCE, budgetInMs, add);
  compare("matching", { small, large: await timed(match), count }, report);
}

const storedEvent = (number: number): StoredEvent => ({
  key: String(number).padStart(43, "k"),
  subject: subjectOf(number),
  sequence: 1,
  registeredAt: AT,
  traceparent: "00-00000000000000000000000000000001-0000000000000001-01",
  event: eventOf(number),
});

async function measureFeedPages(
  database: Database,
  budgetInMs: number,
  report: (figure: Figure) => void,
): Promise<void> {
  const documents = documentsOf(database.container(topology.containers.feeds.name), systemClock);
  const feeds = createCosmosEventFeeds(createAppendLog(documents), documents);
  const add = (first: number): Promise<void> =>
    feeds.append(
      "resource:bench",
      Array.from({ length: 99 }, (_, place) => storedEvent(first + place)),
    );
  let count = await grow(0, SMALL, 99, Infinity, add);
  const page = async (index: number): Promise<void> => {
    const found = await feeds.read("resource:bench", (index * 7919) % (count - 50), 50);
    if (found.length !== 50) throw new Error("A page is short");
  };
  const small = await timed(page);
  count = await grow(count, LARGE, 99, budgetInMs, add);
  compare("feed_page_50_of", { small, large: await timed(page), count }, report);
}

/** @param budgetInMs for filling each of the two stores; what fits is said in the figures */
export async function measureScale(
  budgetInMs: number,
  report: (figure: Figure) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "budstikke-scale-"));
  const server = await cosmosInThread(join(folder, "cosmos.sqlite"), 0);
  const { connectionString } = server;
  await provision(connectionString);
  const database = connectCosmos(
    { kind: "connection-string", connectionString },
    topology.database,
  );
  try {
    await measureMatching(database, budgetInMs, report);
    await measureFeedPages(database, budgetInMs, report);
  } finally {
    database.client.dispose();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
