/** Queue `status-callbacks`: a creator is told that an order came to its end. */
import type { ServiceBusQueueHandler } from "@azure/functions";
import topology from "../../../infra/topology.json" with { type: "json" };
import { consume, type ConsumePorts } from "../../platform/messaging/consume.ts";
import { callbackMessageSchema } from "../messages.ts";
import { tellCreator, type TellCreatorPorts } from "../use-cases/tell-creator.ts";

export const tellCreatorQueue = (ports: ConsumePorts & TellCreatorPorts): ServiceBusQueueHandler =>
  consume(
    { queue: topology.queues.statusCallbacks.name, body: callbackMessageSchema },
    ports,
    ({ body, attempt }) => tellCreator(ports, body.orderId, attempt),
  );
