/** Notifications, step 4 within a request: an instant message is handed to its provider while its sender waits. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Notification } from "../domain/notification.ts";
import { sendEmail, type SendEmailPorts } from "./send-email.ts";
import { sendSms, type SendSmsPorts } from "./send-sms.ts";

/** What sending within a request needs. */
export interface SendNowPorts extends SendEmailPorts, SendSmsPorts {}

/** From here on its queue tries: the sender's request ends. */
async function handOn(
  { queues, clock }: SendNowPorts,
  notification: Notification,
  traceparent: string,
  delayInSeconds: number,
): Promise<void> {
  const sendAt = clock.now() + delayInSeconds * 1000;
  await queues.notificationsAreDue([{ ...notification, sendAt }], traceparent);
}

/**
 * Sends a notification that was stored before. Safe to repeat as `sendEmail` and `sendSms` are.
 *
 * @param traceparent of its order
 * @returns "later" when the provider could not take it now; otherwise its status tells what came of it
 */
export async function sendNow(
  ports: SendNowPorts,
  notification: Notification,
  traceparent: string,
): Promise<"sent" | "later"> {
  const { orderId, id, channel } = notification;
  try {
    await (channel === "email" ? sendEmail(ports, orderId, id) : sendSms(ports, orderId, id));
    return "sent";
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    ports.logger.warn({ orderId, reason: error.message }, "An instant message must wait");
    await handOn(ports, notification, traceparent, error.delayInSeconds);
    return "later";
  }
}
