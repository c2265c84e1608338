/** Queue `event-pushes`: one event for one subscription. */
import type { ServiceBusQueueHandler } from "@azure/functions";
import topology from "../../../infra/topology.json" with { type: "json" };
import { consume, type ConsumePorts } from "../../platform/messaging/consume.ts";
import { pushMessageSchema } from "../messages.ts";
import { giveUpPush, pushEvent, type PushEventPorts } from "../use-cases/push-event.ts";

export const pushEventQueue = (ports: ConsumePorts & PushEventPorts): ServiceBusQueueHandler =>
  consume(
    {
      queue: topology.queues.eventPushes.name,
      body: pushMessageSchema,
      givenUp: async (due) => {
        if (due) await giveUpPush(ports, due);
      },
    },
    ports,
    ({ body }) => pushEvent(ports, body),
  );
