/** A Service Bus in memory and a host whose functions work on it, for one test. */
import type { app as functionApp, InvocationContext } from "@azure/functions";
import type { ServiceBusSender } from "@azure/service-bus";
import type { EntitiesConfig } from "../../local/service-bus/entities.ts";
import {
  type QueueProperties,
  startTestBus,
  type TestBus,
} from "../../local/service-bus/test-bus.ts";
import {
  createInlet,
  type Inlet,
  startTestHost,
  type TestHost,
  type TestHostOptions,
} from "../../local/host/test-host.ts";

export interface Delivery {
  readonly body: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export const deliveryOf = (
  body: unknown,
  { triggerMetadata = {} }: InvocationContext,
): Delivery => ({
  body,
  metadata: triggerMetadata,
});

/** The trigger of `jobs`. */
export const jobs = { connection: "Bus", queueName: "jobs" } as const;

export interface WorkOptions {
  readonly properties?: QueueProperties;
  readonly entities?: EntitiesConfig;
  readonly host?: TestHostOptions;
}

export interface Working extends TestBus, TestHost {
  /** Of `jobs`. */
  readonly sender: ServiceBusSender;
}

/** A bus with the queue `jobs`, and a host with functions for it. */
export async function startWorking(
  register: (app: typeof functionApp) => void,
  { properties, entities, host = {} }: WorkOptions = {},
): Promise<Working> {
  const stage = await startTestBus(properties, entities && { entities });
  const settings = { Bus: stage.bus.connectionString };
  const running = await startTestHost(register, { ...host, settings });
  return { ...stage, ...running, sender: stage.client.createSender("jobs") };
}

export interface Worker extends Working {
  readonly inlet: Inlet<Delivery>;
}

/** One function, `Work`, that notes each message before it does what it is told. */
export async function startWorker(
  handler: (body: unknown, context: InvocationContext) => unknown = () => undefined,
  options: WorkOptions = {},
): Promise<Worker> {
  const inlet = createInlet<Delivery>();
  const working = await startWorking((app) => {
    app.serviceBusQueue("Work", {
      ...jobs,
      handler: (body, context) => {
        inlet.put(deliveryOf(body, context));
        return handler(body, context);
      },
    });
  }, options);
  return { ...working, inlet };
}
