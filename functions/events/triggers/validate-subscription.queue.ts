/** Queue `subscription-validations`: is the end point of a subscription there? */
import type { ServiceBusQueueHandler } from "@azure/functions";
import topology from "../../../infra/topology.json" with { type: "json" };
import { consume, type ConsumePorts } from "../../platform/messaging/consume.ts";
import { validationMessageSchema } from "../messages.ts";
import {
  validateSubscription,
  type ValidateSubscriptionPorts,
} from "../use-cases/validate-subscription.ts";

export const validateSubscriptionQueue = (
  ports: ConsumePorts & ValidateSubscriptionPorts,
): ServiceBusQueueHandler =>
  consume(
    { queue: topology.queues.subscriptionValidations.name, body: validationMessageSchema },
    ports,
    ({ body, attempt }) => validateSubscription(ports, body.subscriptionId, attempt),
  );
