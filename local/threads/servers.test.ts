import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CosmosClient } from "@azure/cosmos";
import { ServiceBusClient } from "@azure/service-bus";
import { expect, onTestFinished, test } from "vitest";
import topology from "../../infra/topology.json" with { type: "json" };
import { startCosmos } from "../cosmos/server.ts";
import { aSession, postXml, smsCredentials, startReceiver } from "../inbox/test-inbox.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { cosmosInThread, inboxInThread, platformInThread, serviceBusInThread } from "./servers.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "stores-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

test("Cosmos DB serves from a thread of its own, stops, and keeps its data", async () => {
  const file = join(temporaryFolder(), "cosmos.sqlite");
  const first = await cosmosInThread(file, 0);
  const client = new CosmosClient(first.connectionString);
  await client.databases.create({ id: "kept" });
  client.dispose();
  await first.stop();

  const second = await cosmosInThread(file, 0);
  onTestFinished(() => second.stop());
  const again = new CosmosClient(second.connectionString);
  onTestFinished(() => {
    again.dispose();
  });

  expect((await again.database("kept").read()).statusCode).toBe(200);
});

test("Service Bus serves the queues of the topology from a thread of its own", async () => {
  const file = join(temporaryFolder(), "service-bus.sqlite");
  const server = await serviceBusInThread(file, 0);
  const client = new ServiceBusClient(server.connectionString);

  for (const { name } of Object.values(topology.queues)) {
    await client.createSender(name).sendMessages({ body: name, messageId: "1" });
    const [message] = await client.createReceiver(name).receiveMessages(1);
    expect(message?.body).toBe(name);
  }

  await client.close();
  await server.stop();
});

test("what keeps a server from starting is told by the thread as it is", async () => {
  const taken = await startCosmos({ file: ":memory:", port: 0, clock: createVirtualClock() });
  onTestFinished(() => taken.stop());

  await expect(cosmosInThread(":memory:", taken.port)).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
  await expect(serviceBusInThread("/no/such/folder/file", 0)).rejects.toThrow("unable");
});

test("the inbox serves from a thread of its own, and reports to where it is told", async () => {
  const receiver = await startReceiver();
  const inbox = await inboxInThread({
    port: 0,
    file: ":memory:",
    smsCredentials,
    settings: { reportInMs: 0 },
  });
  onTestFinished(() => inbox.stop());
  inbox.setReportTargets({
    email: `${receiver.url}/email`,
    acsSms: `${receiver.url}/acs-sms`,
    sms: `${receiver.url}/sms`,
  });

  expect((await postXml(inbox, aSession([{ to: "+4799999999" }]))).status).toBe(200);

  await expect.poll(() => receiver.reports.map(({ path }) => path)).toEqual(["/sms"]);
});

test("the platform's stand-in serves from a thread of its own", async () => {
  const platform = await platformInThread({ port: 0 });
  onTestFinished(() => platform.stop());

  const token = await fetch(`${platform.url}/api/GetEnterpriseToken?org=ttd&orgNo=991825827`);

  expect((await token.text()).split(".")).toHaveLength(3);
  expect(platform.platformTokenKey).toContain("PRIVATE KEY");
});
