/** What the tests of the local Cosmos DB share: a server, a real client, and an end to both. */
import { createHmac } from "node:crypto";
import {
  type Container,
  type ContainerRequest,
  CosmosClient,
  type CosmosClientOptions,
  type Database,
  PartitionKeyDefinitionVersion,
} from "@azure/cosmos";
import { onTestFinished } from "vitest";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { type CosmosOptions, type LocalCosmos, startCosmos } from "./server.ts";

export interface Stage {
  readonly cosmos: LocalCosmos;
  readonly clock: VirtualClock;
  readonly client: CosmosClient;
  readonly database: Database;
  readonly createContainer: (definition?: Partial<ContainerRequest>) => Promise<Container>;
}

/** @param options what the client is to have instead of the server's key */
export function connect(
  cosmos: Pick<LocalCosmos, "endpoint" | "key">,
  options: Partial<CosmosClientOptions> = {},
): CosmosClient {
  const { endpoint, key } = cosmos;
  const client = new CosmosClient({ endpoint, key, ...options });
  onTestFinished(() => {
    client.dispose();
  });
  return client;
}

/** A server in memory with a database, both gone when the test is. */
export async function setStage(options: Partial<CosmosOptions> = {}): Promise<Stage> {
  const clock = createVirtualClock();
  const cosmos = await startCosmos({ file: ":memory:", port: 0, clock, ...options });
  onTestFinished(() => cosmos.stop());
  const client = connect(cosmos);
  const { database } = await client.databases.create({ id: "stage" });
  return {
    cosmos,
    clock,
    client,
    database,
    createContainer: async (definition) => {
      const { container } = await database.containers.create({
        id: "things",
        partitionKey: { paths: ["/pk"], version: PartitionKeyDefinitionVersion.V2 },
        ...definition,
      });
      return container;
    },
  };
}

export interface DirectRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "PATCH";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
}

/** Sends what the SDK would not, or would not show the answer of. */
export async function askDirectly(
  { endpoint, key }: Pick<LocalCosmos, "endpoint" | "key">,
  { method, path, headers = {}, body }: DirectRequest,
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: unknown }> {
  const names = path.split("/").slice(1);
  const isFeed = names.length % 2 === 1;
  const type = (isFeed ? names.at(-1) : names.at(-2)) ?? "";
  const link = (isFeed ? names.slice(0, -1) : names).join("/");
  const date = "Mon, 05 Jan 2026 11:00:00 GMT";
  const text = `${method}\n${type}\n`.toLowerCase() + `${link}\n${date.toLowerCase()}\n\n`;
  const signature = createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
  const authorization = encodeURIComponent(`type=master&ver=1.0&sig=${signature}`);
  const response = await fetch(endpoint + path, {
    method,
    headers: { ...headers, authorization, "x-ms-date": date },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const answer = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: answer === "" ? undefined : (JSON.parse(answer) as unknown),
  };
}

/** The code of the error that a promise ends in. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<{ readonly code: unknown; readonly substatus: unknown; readonly message: string }> {
  try {
    await promise;
  } catch (error) {
    const { code, substatus, message } = error as Error & { code: unknown; substatus: unknown };
    return { code, substatus, message };
  }
  throw new Error("It should have failed.");
}
