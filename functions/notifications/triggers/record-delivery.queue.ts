/** Queue `delivery-reports`: reports that could not be recorded when they were heard. */
import type { ServiceBusQueueHandler } from "@azure/functions";
import topology from "../../../infra/topology.json" with { type: "json" };
import { consume, type ConsumePorts } from "../../platform/messaging/consume.ts";
import { reportMessageSchema } from "../messages.ts";
import { recordDelivery, type RecordDeliveryPorts } from "../use-cases/record-delivery.ts";

export const recordDeliveryQueue = (
  ports: ConsumePorts & RecordDeliveryPorts,
): ServiceBusQueueHandler =>
  consume(
    { queue: topology.queues.deliveryReports.name, body: reportMessageSchema },
    ports,
    ({ body, attempt }) => recordDelivery(ports, body, attempt),
  );
