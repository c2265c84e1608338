/** `infra/topology.json` and what the app registers say the same: nothing waits for nobody, and nobody waits for nothing. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import topology from "../../infra/topology.json" with { type: "json" };
import type { RegisteredFunction } from "../../local/host/app/registered-app.ts";
import { at, environments, onlyOne, resourcesOf } from "../support/infra.ts";
import { registeredFunctions } from "../support/registered-functions.ts";

const functions = await registeredFunctions();

const wokenBy = (type: string): readonly RegisteredFunction[] =>
  functions.filter(({ trigger }) => trigger.type === type.toLowerCase());

const triggersOf = (type: string): readonly Readonly<Record<string, unknown>>[] =>
  wokenBy(type).map(({ trigger }) => trigger.options);

const queues = Object.values(topology.queues);
const containers = topology.containers;

test("every queue is worked off by exactly one function, and every such function has its queue", () => {
  const taken = triggersOf("serviceBusTrigger").map(({ queueName }) => queueName);
  expect(taken.toSorted()).toEqual(queues.map(({ name }) => name).toSorted());
});

test("every queue detects duplicates and keeps what it gives up", () => {
  const careless = queues.filter(
    (queue) => !queue.requiresDuplicateDetection || !queue.deadLetteringOnMessageExpiration,
  );
  expect(careless).toEqual([]);
});

test("what follows a change feed finds its container and its leases", () => {
  const known = new Set(Object.values(containers).map(({ name }) => name));
  const feeds = triggersOf("cosmosDBTrigger");
  expect(feeds).not.toHaveLength(0);
  for (const feed of feeds) {
    expect(feed["databaseName"]).toBe(topology.database);
    expect(known).toContain(feed["containerName"]);
    expect(feed["leaseContainerName"]).toBe(containers.leases.name);
  }
});

test("followers of one container cannot stop each other, and none passes over what failed", () => {
  const prefixes = triggersOf("cosmosDBTrigger").map((feed) => feed["leaseContainerPrefix"]);
  expect(new Set(prefixes).size).toBe(prefixes.length);
  const careless = wokenBy("cosmosDBTrigger").filter(
    ({ metadata }) => metadata.retryOptions?.maxRetryCount !== -1,
  );
  expect(careless).toEqual([]);
});

test("every connection is one that infra/ and the sample name", () => {
  const connections = functions.flatMap(({ trigger }) => trigger.options["connection"] ?? []);
  expect([...new Set(connections)].toSorted()).toEqual(["Cosmos", "ServiceBus"]);
});

test("every container is used by the app, and the app uses no other", () => {
  const folder = join(import.meta.dirname, "../../functions");
  const used = globSync("{composition.ts,composition/*.ts}", { cwd: folder }).flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(/documentsIn\("(\w+)"\)/g)].map(
      ([, key]) => key,
    ),
  );
  expect([...new Set([...used, "leases"])].toSorted()).toEqual(Object.keys(containers).toSorted());
});

test("Event Grid calls every function that waits for it, and no other", () => {
  const waiting = wokenBy("eventGridTrigger").map(({ name }) => name);
  const called = Object.values(topology.eventSubscriptions).map((it) => it.functionName);
  expect(called.toSorted()).toEqual(waiting.toSorted());
});

test.each(environments)("%s keeps only functions ready that there are", (environment) => {
  const app = onlyOne(resourcesOf(environment), "Microsoft.Web/sites");
  const ready = at(app, "functionAppConfig.scaleAndConcurrency.alwaysReady") as { name: string }[];
  const groups = ["http", ...functions.map(({ name }) => `function:${name}`)];
  expect(groups).toEqual(expect.arrayContaining(ready.map(({ name }) => name)));
});
