/** What is lost on the way from an accepted event to its readers and subscribers is found, counted and made good. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import topology from "../../infra/topology.json" with { type: "json" };
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import { type Actor, anActor, anEvent, RESOURCE } from "../support/events-builders.ts";

const MINUTE = 60_000;

let flow: EventFlow;
let org: Actor;

beforeAll(async () => {
  flow = await startEventFlow();
  org = await anActor(flow);
});

afterAll(() => flow.stop());

afterEach(() => {
  flow.cosmos.server.faults.clear();
});

const newResource = (): string => `${RESOURCE}-${crypto.randomUUID().slice(0, 8)}`;
const idsOf = (json: unknown): readonly string[] => (json as { id: string }[]).map(({ id }) => id);
const feedOf = async (resource: string): Promise<readonly string[]> =>
  idsOf((await org.call("GET", `/events/api/v1/events?resource=${resource}&after=0`)).json);
const pushed = (name: string): readonly string[] =>
  flow.platform.hooks
    .filter(({ path, body }) => path === `/hooks/${name}` && !body.includes("validatesubscription"))
    .map(({ body }) => (JSON.parse(body) as { id: string }).id);

/** Runs the reconciler after the time that events have; says what it found. */
async function reconciled(): Promise<object | undefined> {
  await flow.clock.advance(11 * MINUTE);
  const before = flow.logged.length;
  await flow.runTimer("ReconcileEvents");
  const line = flow.logged.slice(before).find((it) => it.includes("unaccounted for"));
  return line === undefined ? undefined : (JSON.parse(line) as object);
}

async function subscribed(name: string, resourceFilter: string): Promise<void> {
  await org.subscribe({ resourceFilter, endPoint: `${flow.platform.url}/hooks/${name}` });
  await flow.settle();
  await flow.clock.advance(1000);
}

async function emptied(container: keyof typeof topology.containers, where: string): Promise<void> {
  const { name, partitionKeyPaths } = topology.containers[container];
  const items = flow.cosmos.database.container(name);
  const { resources } = await items.items
    .query<Record<string, string>>(`SELECT * FROM c WHERE ${where}`)
    .fetchAll();
  for (const item of resources) {
    const key = partitionKeyPaths.map((path) => item[path.slice(1)] ?? "");
    await items.item(item["id"] ?? "", key as never).delete();
  }
}

test("where nothing is lost, nothing is found, and no event is looked at twice", async () => {
  const resource = newResource();
  await subscribed("whole", resource);
  await org.publish(anEvent({ id: "whole", resource }));
  await flow.settle();

  const first = await reconciled();
  flow.cosmos.server.counters.reset();
  const second = await reconciled();

  expect([first, second]).toEqual([undefined, undefined]);
  expect(flow.cosmos.server.counters.total({ container: "feeds" }).requestCount).toBe(0);
});

test("an event that never reached its feed nor its subscriber is counted, and reaches both", async () => {
  const resource = newResource();
  await subscribed("lost", resource);
  await org.publish(anEvent({ id: "lost", resource }));
  await flow.settle();
  await emptied("feeds", `c.feed = 'resource:${resource}'`);
  await emptied("deliveries", "c.eventId = 'lost'");
  const before = [await feedOf(resource), pushed("lost")];

  const found = await reconciled();
  await flow.settle();

  expect(before).toEqual([[], ["lost"]]);
  expect(found).toMatchObject({ level: "error", unprojected: 1, untold: 1 });
  expect([await feedOf(resource), pushed("lost")]).toEqual([["lost"], ["lost", "lost"]]);
  expect(await reconciled()).toBeUndefined();
});

test("who subscribed after an event was stored is owed nothing", async () => {
  const resource = newResource();
  await org.publish(anEvent({ id: "earlier", resource }));
  await flow.settle();
  await flow.clock.advance(1000);
  await subscribed("late", resource);

  expect(await reconciled()).toBeUndefined();
  await flow.settle();
  expect(pushed("late")).toEqual([]);
});

test("a run that the database ends is taken up by the next", async () => {
  const resource = newResource();
  await org.publish(anEvent({ id: "cut", resource }));
  await flow.settle();
  await emptied("feeds", `c.feed = 'resource:${resource}'`);
  await flow.clock.advance(11 * MINUTE);
  flow.cosmos.server.faults.add({
    effect: { kind: "status", status: 403 },
    operations: ["Batch"],
    container: "feeds",
  });

  await expect(flow.runTimer("ReconcileEvents")).rejects.toThrow();
  flow.cosmos.server.faults.clear();
  await flow.runTimer("ReconcileEvents");

  expect(await feedOf(resource)).toEqual(["cut"]);
});

test("a change that could not be digested is parked, does not count as lost, and is tried again until it can", async () => {
  const resource = newResource();
  flow.cosmos.server.faults.add({
    effect: { kind: "status", status: 403 },
    operations: ["Batch"],
    container: "feeds",
  });
  await org.publish(anEvent({ id: "parked", resource }));
  await flow.settle();
  const found = await reconciled();
  await flow.runTimer("RetryParkedChanges");
  const still = await feedOf(resource);
  flow.cosmos.server.faults.clear();

  await flow.runTimer("RetryParkedChanges");

  expect([found, still]).toEqual([undefined, []]);
  expect(await feedOf(resource)).toEqual(["parked"]);
  const left = await flow.cosmos.database
    .container(topology.containers.parkedChanges.name)
    .items.query("SELECT * FROM c")
    .fetchAll();
  expect(left.resources).toEqual([]);
});

test("what stays parked for a day is told to whoever runs the service", async () => {
  const resource = newResource();
  flow.cosmos.server.faults.add({
    effect: { kind: "status", status: 403 },
    operations: ["Batch"],
    container: "feeds",
  });
  await org.publish(anEvent({ resource }));
  await flow.settle();
  await flow.clock.advance(25 * 60 * MINUTE);

  await flow.runTimer("RetryParkedChanges");

  expect(flow.logged.at(-1)).toContain("Parked changes have been waiting for long");
});
