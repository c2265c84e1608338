/** The connection to Cosmos DB. */
import { CosmosClient, type Database } from "@azure/cosmos";
import { type Connection, credentialOf } from "../connection.ts";

/** Longest wait for one answer; the SDK's own default of a minute outlives a queue lock. */
const REQUEST_TIMEOUT_IN_MS = 10_000;

/** One client serves the whole process: it holds the connection pool. */
export function connectCosmos(connection: Connection, databaseName: string): Database {
  const options = { connectionPolicy: { requestTimeout: REQUEST_TIMEOUT_IN_MS } };
  const client =
    connection.kind === "connection-string"
      ? new CosmosClient({ ...options, connectionString: connection.connectionString })
      : new CosmosClient({
          ...options,
          endpoint: connection.endpoint,
          aadCredentials: credentialOf(connection),
        });
  return client.database(databaseName);
}
