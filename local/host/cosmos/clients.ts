/** One Cosmos DB client per connection. */
import { CosmosClient } from "@azure/cosmos";
import { type AppSettings, connectionString } from "../settings/app-settings.ts";

export class CosmosClients {
  readonly #settings: AppSettings;
  readonly #clients = new Map<string, CosmosClient>();

  constructor(settings: AppSettings) {
    this.#settings = settings;
  }

  /**
   * @param connection name of a setting
   * @throws {Error} the setting is missing
   */
  client(connection: string): CosmosClient {
    const text = connectionString(this.#settings, connection);
    const client =
      this.#clients.get(text) ??
      new CosmosClient({
        connectionString: text,
        // Looking for other regions makes an account that does not answer yet a matter of minutes.
        connectionPolicy: { enableEndpointDiscovery: false },
      });
    this.#clients.set(text, client);
    return client;
  }

  close(): void {
    for (const client of this.#clients.values()) client.dispose();
  }
}
