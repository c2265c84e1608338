/** Queue `subscription-replays`: a page of what was held or given up is taken up again. */
import type { ServiceBusQueueHandler } from "@azure/functions";
import topology from "../../../infra/topology.json" with { type: "json" };
import { consume, type ConsumePorts } from "../../platform/messaging/consume.ts";
import { replayMessageSchema } from "../messages.ts";
import { replayDeliveries, type ReplayDeliveriesPorts } from "../use-cases/replay-deliveries.ts";

export const replayDeliveriesQueue = (
  ports: ConsumePorts & ReplayDeliveriesPorts,
): ServiceBusQueueHandler =>
  consume(
    { queue: topology.queues.subscriptionReplays.name, body: replayMessageSchema },
    ports,
    ({ body }) => replayDeliveries(ports, body),
  );
