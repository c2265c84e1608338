/** Queues of e-mails and SMS that are due, in two lanes each. */
import type { ServiceBusQueueHandler } from "@azure/functions";
import { consume, type ConsumePorts } from "../../platform/messaging/consume.ts";
import { notificationDueMessageSchema } from "../messages.ts";
import { type ParkPorts, parkNotification } from "../use-cases/park-notification.ts";
import { sendEmail, type SendEmailPorts } from "../use-cases/send-email.ts";
import { sendSms, type SendSmsPorts } from "../use-cases/send-sms.ts";

type Send<Ports> = (ports: Ports, orderId: string, notificationId: string) => Promise<void>;

const sendQueue = <Ports extends ConsumePorts & ParkPorts>(
  ports: Ports,
  queue: string,
  send: Send<Ports>,
): ServiceBusQueueHandler =>
  consume(
    {
      queue,
      body: notificationDueMessageSchema,
      givenUp: async (due, code) => {
        if (due) await parkNotification(ports, due.orderId, due.notificationId, code);
      },
    },
    ports,
    ({ body }) => send(ports, body.orderId, body.notificationId),
  );

export const sendEmailQueue = (
  ports: ConsumePorts & SendEmailPorts,
  queue: string,
): ServiceBusQueueHandler => sendQueue(ports, queue, sendEmail);

export const sendSmsQueue = (
  ports: ConsumePorts & SendSmsPorts,
  queue: string,
): ServiceBusQueueHandler => sendQueue(ports, queue, sendSms);
