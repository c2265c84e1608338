/** The connection to Cosmos DB. */
import { CosmosClient, type CosmosClientOptions, type Database } from "@azure/cosmos";
import { type Connection, credentialOf } from "../connection.ts";
import { createSdkTransport } from "../net/sdk-transport.ts";
import { createKeySignature } from "./key-signature.ts";
import { withoutPlanRequests } from "./query-plans.ts";

/** Longest wait for one answer; the SDK's own default of a minute outlives a queue lock. */
const REQUEST_TIMEOUT_IN_MS = 10_000;

/** @throws {Error} the text lacks the end point or the key */
function partsOf(connectionString: string): CosmosClientOptions {
  const [, endpoint] = /(?:^|;)\s*AccountEndpoint=([^;]+)/.exec(connectionString) ?? [];
  const [, key] = /(?:^|;)\s*AccountKey=([^;]+)/.exec(connectionString) ?? [];
  if (endpoint === undefined || key === undefined) {
    throw new Error("The connection string of Cosmos DB lacks AccountEndpoint or AccountKey");
  }
  return { endpoint, tokenProvider: createKeySignature(key) };
}

/** One client serves the whole process: it holds the connection pool. */
export function connectCosmos(connection: Connection, databaseName: string): Database {
  const client = new CosmosClient({
    connectionPolicy: { requestTimeout: REQUEST_TIMEOUT_IN_MS },
    httpClient: withoutPlanRequests(createSdkTransport()),
    ...(connection.kind === "connection-string"
      ? partsOf(connection.connectionString)
      : { endpoint: connection.endpoint, aadCredentials: credentialOf(connection) }),
  });
  return client.database(databaseName);
}
