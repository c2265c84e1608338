/** A Service Bus in memory and a client of the real SDK, for one test. */
import {
  ServiceBusClient,
  type ServiceBusReceivedMessage,
  type ServiceBusReceiver,
} from "@azure/service-bus";
import { onTestFinished } from "vitest";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import type { EntitiesConfig } from "./entities.ts";
import { type LocalServiceBus, type ServiceBusOptions, startServiceBus } from "./server.ts";

type Queues = NonNullable<EntitiesConfig["UserConfig"]["Namespaces"][0]["Queues"]>;
export type QueueProperties = NonNullable<Queues[number]["Properties"]>;

/** A configuration of queues with these names and properties. */
export const entitiesOf = (queues: Readonly<Record<string, QueueProperties>>): EntitiesConfig => ({
  UserConfig: {
    Namespaces: [
      {
        Name: "sbemulatorns",
        Queues: Object.entries(queues).map(([Name, Properties]) => ({ Name, Properties })),
      },
    ],
  },
});

export interface TestBus {
  readonly bus: LocalServiceBus;
  readonly clock: VirtualClock;
  readonly client: ServiceBusClient;
}

/**
 * A client that fails soon instead of trying for minutes.
 *
 * @param timeoutInMs how long it waits for an answer that was lost
 */
export const connect = (connectionString: string, timeoutInMs = 4000): ServiceBusClient => {
  const retryOptions = { maxRetries: 1, retryDelayInMs: 10, timeoutInMs };
  const client = new ServiceBusClient(connectionString, { retryOptions });
  onTestFinished(() => client.close());
  return client;
};

/** A bus with one queue, `jobs`, unless other options are given; it stops with the test. */
export async function startTestBus(
  properties: QueueProperties = {},
  options: Partial<ServiceBusOptions> = {},
): Promise<TestBus> {
  const clock = createVirtualClock();
  const bus = await startServiceBus({
    file: ":memory:",
    port: 0,
    clock,
    entities: entitiesOf({ jobs: properties }),
    ...options,
  });
  onTestFinished(() => bus.stop());
  return { bus, clock, client: connect(bus.connectionString) };
}

/** The next message; fails when none comes. */
export async function receiveOne(receiver: ServiceBusReceiver): Promise<ServiceBusReceivedMessage> {
  const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 3000 });
  if (!message) throw new Error("No message came");
  return message;
}
