/** Starts a listener for every function that something other than HTTP wakes. */
import type { RegisteredFunction } from "./app/registered-app.ts";
import type { CosmosClients } from "./cosmos/clients.ts";
import { startCosmosListener } from "./cosmos/listener.ts";
import type { HostPorts, Listener } from "./ports.ts";
import type { ServiceBusClients } from "./service-bus/clients.ts";
import { startServiceBusListener } from "./service-bus/listener.ts";
import { startTimerListener } from "./timer/timer-listener.ts";

export interface ListenerClients {
  readonly serviceBus: ServiceBusClients;
  readonly cosmos: CosmosClients;
}

async function startListener(
  target: RegisteredFunction,
  ports: HostPorts,
  clients: ListenerClients,
): Promise<Listener | undefined> {
  switch (target.trigger.type) {
    case "timertrigger":
      return startTimerListener(target, ports);
    case "servicebustrigger":
      return startServiceBusListener(target, ports, clients.serviceBus);
    case "cosmosdbtrigger":
      return startCosmosListener(target, ports, clients.cosmos);
    default:
      return undefined;
  }
}

/**
 * Starts them side by side.
 *
 * @param started told of each as it starts, so that a later failure can undo it
 * @throws {Error} the first that cannot start, by its function's name
 */
export async function startListeners(
  functions: readonly RegisteredFunction[],
  ports: HostPorts,
  clients: ListenerClients,
  started: (listener: Listener) => void,
): Promise<void> {
  const results = await Promise.allSettled(
    functions.map(async (target) => {
      try {
        const listener = await startListener(target, ports, clients);
        if (listener) started(listener);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new Error(`${target.name} cannot start: ${message}`, { cause: error });
      }
    }),
  );
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
}
