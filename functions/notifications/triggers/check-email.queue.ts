/** Queue `email-checks`: it is time to ask the provider about an e-mail. */
import type { ServiceBusQueueHandler } from "@azure/functions";
import topology from "../../../infra/topology.json" with { type: "json" };
import { consume, type ConsumePorts } from "../../platform/messaging/consume.ts";
import { emailCheckMessageSchema } from "../messages.ts";
import { checkEmail, type CheckEmailPorts } from "../use-cases/check-email.ts";

export const checkEmailQueue = (ports: ConsumePorts & CheckEmailPorts): ServiceBusQueueHandler =>
  consume(
    { queue: topology.queues.emailChecks.name, body: emailCheckMessageSchema },
    ports,
    ({ body }) => checkEmail(ports, body.orderId, body.notificationId, body.attempt),
  );
