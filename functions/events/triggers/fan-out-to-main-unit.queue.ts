/** Queue `unit-fan-outs`: who follows the main unit of an event's subject? Asked again until the register answers. */
import type { ServiceBusQueueHandler } from "@azure/functions";
import topology from "../../../infra/topology.json" with { type: "json" };
import { consume, type ConsumePorts } from "../../platform/messaging/consume.ts";
import { unitFanOutMessageSchema } from "../messages.ts";
import { fanOutToMainUnit, type FanOutEventPorts } from "../use-cases/fan-out-event.ts";

export const fanOutToMainUnitQueue = (
  ports: ConsumePorts & FanOutEventPorts,
): ServiceBusQueueHandler =>
  consume(
    { queue: topology.queues.unitFanOuts.name, body: unitFanOutMessageSchema },
    ports,
    ({ body }) => fanOutToMainUnit(ports, body),
  );
