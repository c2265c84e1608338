/** One Service Bus client per connection, one sender per entity. */
import { ServiceBusClient, type ServiceBusSender } from "@azure/service-bus";
import { type AppSettings, connectionString } from "../settings/app-settings.ts";

/**
 * With the SDK's own delays a listener would come back half a minute after the broker, and a settlement whose connection
 * was cut would hold its place for a minute.
 */
const retryOptions = { retryDelayInMs: 200, maxRetryDelayInMs: 1000, timeoutInMs: 5000 };

export class ServiceBusClients {
  readonly #settings: AppSettings;
  readonly #clients = new Map<string, ServiceBusClient>();
  readonly #senders = new Map<string, ServiceBusSender>();

  constructor(settings: AppSettings) {
    this.#settings = settings;
  }

  /**
   * @param connection name of a setting
   * @throws {Error} the setting is missing
   */
  client(connection: string): ServiceBusClient {
    const text = connectionString(this.#settings, connection);
    const client = this.#clients.get(text) ?? new ServiceBusClient(text, { retryOptions });
    this.#clients.set(text, client);
    return client;
  }

  sender(connection: string, entity: string): ServiceBusSender {
    const key = `${connection} ${entity}`;
    const sender = this.#senders.get(key) ?? this.client(connection).createSender(entity);
    this.#senders.set(key, sender);
    return sender;
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#clients.values()].map((client) => client.close()));
  }
}
