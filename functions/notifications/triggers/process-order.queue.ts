/** Queue `orders-due`: one order whose time has come. */
import type { ServiceBusQueueHandler } from "@azure/functions";
import topology from "../../../infra/topology.json" with { type: "json" };
import { consume, type ConsumePorts } from "../../platform/messaging/consume.ts";
import { orderDueMessageSchema } from "../messages.ts";
import { giveUpOrder, processOrder, type ProcessOrderPorts } from "../use-cases/process-order.ts";

export const processOrderQueue = (
  ports: ConsumePorts & ProcessOrderPorts,
): ServiceBusQueueHandler =>
  consume(
    {
      queue: topology.queues.ordersDue.name,
      body: orderDueMessageSchema,
      givenUp: async (due, code) => {
        if (due) await giveUpOrder(ports, due.orderId, code);
      },
    },
    ports,
    ({ body }) => processOrder(ports, body.orderId),
  );
