import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ChangeFeedStartFrom, type Container, PartitionKeyDefinitionVersion } from "@azure/cosmos";
import { describe, expect, onTestFinished, test } from "vitest";
import { createVirtualClock } from "../virtual-clock.ts";
import { EMULATOR_KEY, type LocalCosmos, startCosmos } from "./server.ts";
import { connect, failureOf } from "./test-support.ts";

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "cosmos-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return join(folder, "cosmos.sqlite");
}

async function open(file: string): Promise<LocalCosmos> {
  const cosmos = await startCosmos({ file, port: 0, clock: createVirtualClock() });
  onTestFinished(() => cosmos.stop());
  return cosmos;
}

async function createThings({ endpoint }: Pick<LocalCosmos, "endpoint">): Promise<Container> {
  const client = connect({ endpoint, key: EMULATOR_KEY });
  const { database } = await client.databases.createIfNotExists({ id: "stage" });
  const { container } = await database.containers.createIfNotExists({
    id: "things",
    partitionKey: { paths: ["/pk"], version: PartitionKeyDefinitionVersion.V2 },
    uniqueKeyPolicy: { uniqueKeys: [{ paths: ["/name"] }] },
  });
  return container;
}

describe("kill -9", () => {
  test("loses nothing that was acknowledged, and leaves no batch half done", async () => {
    const file = temporaryFile();
    const child = fork(new URL("./cosmos-worker.ts", import.meta.url), [file]);
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    const [endpoint] = (await once(child, "message")) as [string];
    const things = await createThings({ endpoint });

    const acknowledged: string[] = [];
    const exited = once(child, "exit");
    const acknowledge = (id: string): void => {
      acknowledged.push(id);
      if (acknowledged.length === 600) child.kill("SIGKILL");
    };
    const writeItems = async (writer: number): Promise<void> => {
      for (let index = 0; ; index++) {
        const id = `i${writer}-${index}`;
        await things.items.create({ id, pk: id, name: id });
        acknowledge(id);
      }
    };
    const writeBatches = async (writer: number): Promise<void> => {
      for (let index = 0; ; index++) {
        const pk = `b${writer}-${index}`;
        const { code } = await things.items.batch(
          ["x", "y", "z"].map((name) => ({
            operationType: "Create" as const,
            resourceBody: { id: name, pk, name },
          })),
          pk,
        );
        if (code === 200) acknowledge(pk);
      }
    };
    await Promise.allSettled([
      exited,
      ...Array.from({ length: 8 }, (_, writer) => writeItems(writer)),
      ...Array.from({ length: 4 }, (_, writer) => writeBatches(writer)),
    ]);

    const again = await createThings(await open(file));
    const { resources } = await again.items
      .readAll<{ id: string; pk: string }>({ maxItemCount: -1 })
      .fetchAll();
    const counts = new Map<string, number>();
    for (const { pk } of resources) counts.set(pk, (counts.get(pk) ?? 0) + 1);
    expect(acknowledged.length).toBeGreaterThanOrEqual(600);
    expect(acknowledged.filter((pk) => !counts.has(pk))).toEqual([]);
    const halfDone = [...counts].filter(([pk, count]) => count !== (pk.startsWith("b") ? 3 : 1));
    expect(halfDone).toEqual([]);
  }, 20_000);
});

describe("a restart", () => {
  test("keeps containers, items, ETags, unique keys, and the place in the change feed", async () => {
    const file = temporaryFile();
    const before = await open(file);
    const things = await createThings(before);
    const { resource: first } = await things.items.create({ id: "1", pk: "a", name: "x" });
    const feed = things.items.getChangeFeedIterator({
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- as the SDK's own examples do
      changeFeedStartFrom: ChangeFeedStartFrom.Beginning("a"),
    });
    const { continuationToken } = await feed.readNext();
    await before.stop();

    const again = await createThings(await open(file));
    const read = await again.item("1", "a").read();
    const { resource: second } = await again.items.create({ id: "2", pk: "a", name: "y" });
    const taken = again.items.create({ id: "3", pk: "a", name: "x" });
    await expect(taken).rejects.toMatchObject({ code: 409 });
    const later = again.items.getChangeFeedIterator<{ id: string }>({
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- as the SDK's own examples do
      changeFeedStartFrom: ChangeFeedStartFrom.Continuation(continuationToken),
    });

    expect(read.resource).toEqual(first);
    expect(second?._rid).not.toBe(first?._rid);
    expect((await later.readNext()).result.map(({ id }) => id)).toEqual(["2"]);
  });

  test("forgets everything when it is in memory", async () => {
    const before = await open(":memory:");
    await createThings(before);
    await before.stop();

    const { databases } = connect(await open(":memory:"));

    expect((await databases.readAll().fetchAll()).resources).toEqual([]);
  });
});

describe("the file is refused", () => {
  test("while another server has it", async () => {
    const file = temporaryFile();
    await open(file);

    await expect(open(file)).rejects.toThrow("is in use by another process");
  });

  test("when it is another program's database, or of another format", async () => {
    const foreign = temporaryFile();
    const database = new DatabaseSync(foreign);
    database.exec("CREATE TABLE theirs (x)");
    database.close();
    const file = temporaryFile();
    await (await open(file)).stop();
    const older = new DatabaseSync(file);
    older.exec("PRAGMA user_version = 99");
    older.close();

    await expect(open(foreign)).rejects.toThrow("is not a database of the local Cosmos DB");
    await expect(open(file)).rejects.toThrow("Delete the file to start afresh");
  });

  test("when it is no database at all", async () => {
    const file = temporaryFile();
    writeFileSync(file, "nothing but a text, and a long one, so that it is no header".repeat(20));

    await expect(open(file)).rejects.toThrow("not a database");
  });
});

test("a port that is taken is said as it is", async () => {
  const { port } = await open(":memory:");

  const second = startCosmos({ file: ":memory:", port, clock: createVirtualClock() });

  await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("it stops at once, whoever is connected, and as often as it is told", async () => {
  const cosmos = await open(":memory:");
  const things = await createThings(cosmos);
  cosmos.faults.add({ effect: { kind: "hang" }, operations: ["Create"] });
  const waiting = things.items.create({ id: "1", pk: "a" });
  const outcome = failureOf(waiting);

  await things.read();
  await Promise.all([cosmos.stop(), cosmos.stop()]);

  expect(await outcome).toBeDefined();
});
