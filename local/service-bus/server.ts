/** The local Service Bus: queues over AMQP 1.0 for the unmodified `@azure/service-bus`, kept in one SQLite file. */
import { type Clock, systemClock } from "../clock.ts";
import { listen } from "./amqp/listener.ts";
import { sharedAccess } from "./amqp/shared-access.ts";
import { Broker } from "./broker/broker.ts";
import type { QueueSettings } from "./broker/settings.ts";
import { Store } from "./broker/store.ts";
import { type EntitiesConfig, toQueueSettings } from "./entities.ts";
import { createFaults, type FaultPlan, type Faults } from "./faults.ts";
import { type Inspection, inspect } from "./inspection.ts";

export interface ServiceBusOptions {
  /** SQLite file, made when it is not there; or `:memory:`. */
  readonly file: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** @default 127.0.0.1 */
  readonly host?: string;
  /** The time of everything but the clients. */
  readonly clock: Clock;
  readonly entities: EntitiesConfig;
  /**
   * The clock the clients go by: their tokens expire by it, and by it they are told until when a lock holds.
   *
   * @default the machine's
   */
  readonly clientClock?: Clock;
  /** Told of connections that failed. @default the console */
  readonly log?: (message: string) => void;
}

const logToConsole = (message: string): void => {
  console.error(`Service Bus emulator: ${message}`);
};

export interface LocalServiceBus extends Inspection {
  readonly connectionString: string;
  readonly port: number;
  readonly faults: Faults;
  /** Disconnects everybody; safe to repeat. */
  stop(): Promise<void>;
}

function openBroker(file: string, clock: Clock, queues: readonly QueueSettings[]): Broker {
  const store = new Store(file);
  try {
    return new Broker({ store, clock, queues });
  } catch (error) {
    store.close();
    throw error;
  }
}

/** @throws the port is taken (EADDRINUSE); the file is in use; the entities cannot be served */
export async function startServiceBus(options: ServiceBusOptions): Promise<LocalServiceBus> {
  const { file, clock, entities, host = "127.0.0.1", clientClock = systemClock } = options;
  const queues = toQueueSettings(entities);
  const broker = openBroker(file, clock, queues);
  let disconnectAll = (): void => undefined;
  const faults: Faults & FaultPlan = createFaults(() => {
    disconnectAll();
  });
  const skewInMs = (): number => clientClock.now() - clock.now();
  try {
    const ports = { broker, clock, clientClock, faults, skewInMs };
    const { port, log = logToConsole } = options;
    const listener = await listen({ host, port, log }, ports);
    disconnectAll = listener.disconnectAll;
    let stopping: Promise<void> | undefined;
    return {
      connectionString: `Endpoint=sb://${host}:${listener.port};SharedAccessKeyName=${sharedAccess.keyName};SharedAccessKey=${sharedAccess.key};UseDevelopmentEmulator=true`,
      port: listener.port,
      faults,
      ...inspect(broker, queues),
      stop() {
        stopping ??= listener.close().then(() => {
          broker.stop();
        });
        return stopping;
      },
    };
  } catch (error) {
    broker.stop();
    throw error;
  }
}
