/** One Cosmos DB client per connection. */
import { CosmosClient, type CosmosClientOptions } from "@azure/cosmos";
import { type AppSettings, connectionString } from "../settings/app-settings.ts";
import { signWith } from "./signature.ts";
import { createTransport } from "./transport.ts";

/** @throws {Error} the text lacks the end point or the key */
function accountOf(text: string): CosmosClientOptions {
  const [, endpoint] = /(?:^|;)\s*AccountEndpoint=([^;]+)/i.exec(text) ?? [];
  const [, key] = /(?:^|;)\s*AccountKey=([^;]+)/i.exec(text) ?? [];
  if (endpoint === undefined || key === undefined) {
    throw new Error("A connection to Cosmos DB lacks AccountEndpoint or AccountKey.");
  }
  return { endpoint, tokenProvider: signWith(key) };
}

export class CosmosClients {
  readonly #settings: AppSettings;
  readonly #clients = new Map<string, CosmosClient>();
  readonly #transport = createTransport();

  constructor(settings: AppSettings) {
    this.#settings = settings;
  }

  /**
   * @param connection name of a setting
   * @throws {Error} the setting is missing, or is no connection string
   */
  client(connection: string): CosmosClient {
    const text = connectionString(this.#settings, connection);
    const client =
      this.#clients.get(text) ??
      new CosmosClient({
        ...accountOf(text),
        httpClient: this.#transport,
        // Looking for other regions makes an account that does not answer yet a matter of minutes.
        connectionPolicy: { enableEndpointDiscovery: false },
      });
    this.#clients.set(text, client);
    return client;
  }

  close(): void {
    for (const client of this.#clients.values()) client.dispose();
    this.#transport.close();
  }
}
