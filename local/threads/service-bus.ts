/** The thread of Service Bus. */
import topology from "../../infra/topology.json" with { type: "json" };
import { systemClock } from "../clock.ts";
import { toEmulatorConfig } from "../service-bus/entities.ts";
import { startServiceBus } from "../service-bus/server.ts";
import { serve } from "./serve.ts";
import type { StoreFacts, StoreOptions } from "./servers.ts";

await serve<StoreOptions, StoreFacts>(async ({ file, port }) => {
  const entities = toEmulatorConfig(topology.queues);
  const server = await startServiceBus({ file, port, clock: systemClock, entities });
  return { facts: { connectionString: server.connectionString }, stop: () => server.stop() };
});
