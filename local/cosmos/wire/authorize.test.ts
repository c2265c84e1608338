import { Agent } from "node:https";
import {
  CosmosClient,
  type CosmosClientOptions,
  PartitionKeyDefinitionVersion,
} from "@azure/cosmos";
import { describe, expect, onTestFinished, test } from "vitest";
import { createVirtualClock, type VirtualClock } from "../../virtual-clock.ts";
import { type LocalCosmos, startCosmos } from "../server.ts";
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from "../test-certificate.ts";
import { connect, failureOf, setStage } from "../test-support.ts";

interface Claims {
  readonly aud?: unknown;
  readonly exp?: unknown;
  readonly nbf?: unknown;
}

const toToken = (claims: Claims): string => {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  return `${encode({ alg: "none" })}.${encode(claims)}.signature`;
};

const tls = { cert: TEST_CERTIFICATE, key: TEST_CERTIFICATE_KEY };

async function startSecurely(): Promise<{ cosmos: LocalCosmos; clock: VirtualClock }> {
  const clock = createVirtualClock();
  const cosmos = await startCosmos({ file: ":memory:", port: 0, clock, tls });
  onTestFinished(() => cosmos.stop());
  return { cosmos, clock };
}

/** A client with a managed identity's credential, which hands out this token. */
function connectWithToken(
  { endpoint }: LocalCosmos,
  token: string,
): { client: CosmosClient; askedScopes: unknown[] } {
  const askedScopes: unknown[] = [];
  const aadCredentials: NonNullable<CosmosClientOptions["aadCredentials"]> = {
    getToken: (scopes) => {
      askedScopes.push(scopes);
      // The SDK looks at this time by the machine's clock.
      return Promise.resolve({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER });
    },
  };
  const client = new CosmosClient({
    endpoint,
    aadCredentials,
    agent: new Agent({ ca: TEST_CERTIFICATE }),
  });
  onTestFinished(() => {
    client.dispose();
  });
  return { client, askedScopes };
}

describe("a key", () => {
  test("another one than the account's is refused", async () => {
    const { cosmos } = await setStage();
    const stranger = connect(cosmos, { key: Buffer.from("another key").toString("base64") });

    expect(await failureOf(stranger.databases.readAll().fetchAll())).toMatchObject({ code: 401 });
  });

  test.each([
    ["no authorization", undefined],
    ["one that is malformed", "Bearer abc"],
    ["one that cannot be decoded", "%"],
    ["a signature of another request", "type%3Dmaster%26ver%3D1.0%26sig%3DAAAA"],
    ["a token where nothing is encrypted", `type%3Daad%26ver%3D1.0%26sig%3D${toToken({})}`],
  ])("%s is refused", async (_, authorization) => {
    const { cosmos } = await setStage();

    const response = await fetch(`${cosmos.endpoint}/dbs`, {
      headers: authorization === undefined ? {} : { authorization },
    });

    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "Unauthorized" });
  });

  test("serves over https too, where the account is discovered under its own address", async () => {
    const { cosmos } = await startSecurely();
    const client = connect(cosmos, { agent: new Agent({ ca: TEST_CERTIFICATE }) });

    const { database } = await client.databases.create({ id: "safe" });
    const { resource } = await client.getDatabaseAccount();

    expect((await database.read()).resource?.id).toBe("safe");
    expect(resource?.writableLocations).toEqual([
      { name: "Local", databaseAccountEndpoint: `${cosmos.endpoint}/` },
    ]);
  });
});

describe("a managed identity's token", () => {
  test("serves over https: point operations, a batch, queries over ranges, the change feed", async () => {
    const { cosmos, clock } = await startSecurely();
    const exp = clock.now() / 1000 + 60;
    const { client, askedScopes } = connectWithToken(
      cosmos,
      toToken({ aud: `${cosmos.endpoint}/`, exp, nbf: exp - 120 }),
    );

    const { database } = await client.databases.create({ id: "safe" });
    const { container } = await database.containers.create({
      id: "things",
      partitionKey: { paths: ["/pk"], version: PartitionKeyDefinitionVersion.V2 },
    });
    await container.items.create({ id: "1", pk: "a", n: 1 });
    const batch = await container.items.batch(
      [{ operationType: "Create", resourceBody: { id: "2", pk: "b", n: 2 } }],
      "b",
    );
    const query = "SELECT VALUE c.id FROM c ORDER BY c.n DESC";
    const { resources } = await container.items.query(query).fetchAll();

    expect(batch.code).toBe(200);
    expect(resources).toEqual(["2", "1"]);
    expect(askedScopes[0]).toEqual([`${cosmos.endpoint}/.default`]);
  });

  test.each<[string, (endpoint: string, now: number) => Claims]>([
    ["an expired one", (aud, now) => ({ aud, exp: now })],
    ["one that is not valid yet", (aud, now) => ({ aud, exp: now + 60, nbf: now + 30 })],
    ["one that never expires", (aud) => ({ aud })],
    ["one for somebody else", (_, now) => ({ aud: "https://example.com", exp: now + 60 })],
  ])("%s is refused", async (_, toClaims) => {
    const { cosmos, clock } = await startSecurely();
    const claims = toClaims(cosmos.endpoint, clock.now() / 1000);
    const { client } = connectWithToken(cosmos, toToken(claims));

    const failure = await failureOf(client.databases.readAll().fetchAll());

    expect(failure).toMatchObject({ code: 401, substatus: 5300 });
  });

  test("what is no token is refused", async () => {
    const { cosmos } = await startSecurely();
    const { client } = connectWithToken(cosmos, "garbage");

    expect(await failureOf(client.databases.readAll().fetchAll())).toMatchObject({ code: 401 });
  });

  test("an audience may be one of several", async () => {
    const { cosmos, clock } = await startSecurely();
    const aud = ["https://example.com", cosmos.endpoint];
    const { client } = connectWithToken(cosmos, toToken({ aud, exp: clock.now() / 1000 + 60 }));

    expect((await client.databases.readAll().fetchAll()).resources).toEqual([]);
  });
});
