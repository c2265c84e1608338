import { PartitionKeyDefinitionVersion } from "@azure/cosmos";
import { describe, expect, test } from "vitest";
import topology from "../../../infra/topology.json" with { type: "json" };
import { provision } from "../../provision.ts";
import { askDirectly, failureOf, setStage } from "../test-support.ts";

const partitionKey = { paths: ["/pk"], version: PartitionKeyDefinitionVersion.V2 };

describe("databases", () => {
  test("are made once, listed, and deleted with all that is in them", async () => {
    const { client, createContainer } = await setStage();
    const things = await createContainer();
    await things.items.create({ id: "1", pk: "a" });

    const again = await client.databases.createIfNotExists({ id: "stage" });
    const conflict = await failureOf(client.databases.create({ id: "stage" }));
    const { resources } = await client.databases.readAll().fetchAll();
    await client.database("stage").delete();

    expect([again.statusCode, conflict.code]).toEqual([200, 409]);
    expect(resources.map(({ id }) => id)).toEqual(["stage"]);
    expect(await failureOf(client.database("stage").delete())).toMatchObject({ code: 404 });
    expect(await failureOf(things.items.create({ id: "1", pk: "a" }))).toMatchObject({ code: 404 });
  });

  test("need an id that can stand in a link", async () => {
    const { client } = await setStage();

    expect(await failureOf(client.databases.create({ id: "a#b" }))).toBeDefined();
  });
});

describe("containers", () => {
  test("keep what they were made with, and have the service's defaults else", async () => {
    const { database, createContainer } = await setStage();
    const indexingPolicy = {
      indexingMode: "consistent" as const,
      automatic: true,
      includedPaths: [{ path: "/n/?" }],
      excludedPaths: [{ path: "/*" }],
      compositeIndexes: [[{ path: "/a", order: "ascending" as const }, { path: "/b" }]],
    };
    const uniqueKeyPolicy = { uniqueKeys: [{ paths: ["/mail"] }] };
    const full = await createContainer({
      id: "full",
      defaultTtl: 60,
      indexingPolicy: indexingPolicy as never,
      uniqueKeyPolicy,
    });
    const plain = await createContainer({ id: "plain" });

    expect((await full.read()).resource).toMatchObject({
      id: "full",
      partitionKey: { ...partitionKey, kind: "Hash" },
      defaultTtl: 60,
      indexingPolicy,
      uniqueKeyPolicy,
    });
    const { resource } = await plain.read();
    expect(resource).toMatchObject({
      indexingPolicy: {
        indexingMode: "consistent",
        includedPaths: [{ path: "/*" }],
        excludedPaths: [{ path: '/"_etag"/?' }],
      },
      conflictResolutionPolicy: { mode: "LastWriterWins" },
    });
    expect(resource).not.toHaveProperty("defaultTtl");
    const { resources } = await database.containers.readAll().fetchAll();
    expect(resources.map(({ id }) => id)).toEqual(["full", "plain"]);
  });

  test("change their indexing policy and time to live, never their keys", async () => {
    const { createContainer } = await setStage();
    const things = await createContainer({
      defaultTtl: 60,
      uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/mail"] }] },
    });
    const now = { id: "things", partitionKey };

    const { resource } = await things.replace({
      ...now,
      indexingPolicy: { includedPaths: [], excludedPaths: [{ path: "/*" }] },
    });
    const failures = await Promise.all([
      failureOf(things.replace({ ...now, partitionKey: { ...partitionKey, paths: ["/other"] } })),
      failureOf(things.replace({ ...now, uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/x"] }] } })),
    ]);

    expect(resource).not.toHaveProperty("defaultTtl");
    expect(resource?.indexingPolicy?.includedPaths).toEqual([]);
    expect(resource?.uniqueKeyPolicy?.uniqueKeys).toEqual([{ paths: ["/mail"] }]);
    expect(failures.map(({ code }) => code)).toEqual([400, 403]);
  });

  test("that are made again under the same name are others", async () => {
    const { createContainer } = await setStage();
    const before = await createContainer();
    const { resource: first } = await before.read();
    await before.items.create({ id: "1", pk: "a" });
    await before.delete();

    const after = await createContainer();

    expect((await after.read()).resource?._rid).not.toBe(first?._rid);
    expect((await after.items.readAll().fetchAll()).resources).toEqual([]);
  });

  test("of the product can all be made, twice over", async () => {
    const { cosmos, client } = await setStage();
    const connectionString = `AccountEndpoint=${cosmos.endpoint};AccountKey=${cosmos.key};`;

    await provision(connectionString);
    await provision(connectionString);

    const { containers } = client.database(topology.database);
    const names = (await containers.readAll().fetchAll()).resources.map(({ id }) => id);
    const wanted = Object.values(topology.containers).map(({ name }) => name);
    expect(names.sort()).toEqual(wanted.sort());
  });

  test.each<[string, object, string]>([
    ["no partition key", { partitionKey: undefined }, "partition key"],
    ["hash version 1", { partitionKey: { paths: ["/pk"], version: 1 } }, "without version 2"],
    ["four keys", { partitionKey: { ...partitionKey, paths: ["/a", "/b", "/c", "/d"] } }, "1 to 3"],
    ["a ttl of 0", { defaultTtl: 0 }, "defaultTtl"],
    [
      "a composite index of one path",
      { indexingPolicy: { compositeIndexes: [[{ path: "/a" }]] } },
      "at least two",
    ],
    [
      "an indexing policy that says nothing of the root",
      { indexingPolicy: { includedPaths: [{ path: "/a/?" }], excludedPaths: [] } },
      "mandatory indexing path",
    ],
    [
      "an indexing path without an end",
      { indexingPolicy: { includedPaths: [{ path: "/*" }], excludedPaths: [{ path: "/a" }] } },
      "/? or /*",
    ],
    ["a unique key without paths", { uniqueKeyPolicy: { uniqueKeys: [{}] } }, "must have paths"],
    ["computed properties", { computedProperties: [] }, "not supported by the local emulator"],
  ])("are refused with %s", async (_, change, reason) => {
    const { cosmos } = await setStage();

    const { status, body } = await askDirectly(cosmos, {
      method: "POST",
      path: "/dbs/stage/colls",
      body: { id: "things", partitionKey, ...change },
    });

    expect(status).toBe(400);
    expect(body).toMatchObject({ message: expect.stringContaining(reason) as string });
  });
});

describe("not supported by the local emulator", () => {
  test.each([
    ["stored procedures", "POST", "/dbs/stage/colls/things/sprocs"],
    ["user-defined functions", "GET", "/dbs/stage/colls/things/udfs"],
    ["triggers", "GET", "/dbs/stage/colls/things/triggers"],
    ["conflicts", "GET", "/dbs/stage/colls/things/conflicts"],
    ["users", "GET", "/dbs/stage/users"],
    ["offers", "GET", "/offers"],
    ["replacing a database", "PUT", "/dbs/stage"],
    ["attachments", "GET", "/dbs/stage/colls/things/docs/1/attachments"],
  ] as const)("%s", async (_, method, path) => {
    const { cosmos, createContainer } = await setStage();
    await createContainer();

    const { status, body } = await askDirectly(cosmos, { method, path });

    expect(status).toBe(400);
    expect(body).toMatchObject({
      message: expect.stringContaining("not supported by the local emulator") as string,
    });
  });

  test("triggers of an item, and renaming one", async () => {
    const { createContainer } = await setStage();
    const things = await createContainer();
    const options = { preTriggerInclude: ["stamp"] };
    await things.items.create({ id: "1", pk: "a" });

    const failures = await Promise.all([
      failureOf(things.items.create({ id: "2", pk: "a" }, options)),
      failureOf(things.item("1", "a").replace({ id: "2", pk: "a" })),
      failureOf(things.database.containers.query({ query: "SELECT * FROM c" }).fetchAll()),
    ]);

    for (const { code, message } of failures) {
      expect(code).toBe(400);
      expect(message).toContain("not supported by the local emulator");
    }
  });
});
