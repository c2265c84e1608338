/** Notifications, step 4 within a request: an instant message is handed to its provider while its sender waits. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Notification } from "../domain/notification.ts";
import { sendEmail, type SendEmailPorts } from "./send-email.ts";
import { sendSms, type SendSmsPorts } from "./send-sms.ts";

/** What sending within a request needs. */
export interface SendNowPorts extends SendEmailPorts, SendSmsPorts {}

/** From here on its queue tries: the sender's request ends. */
async function handOn(
  { orders, queues, clock }: SendNowPorts,
  notification: Notification,
  delayInSeconds: number,
): Promise<void> {
  const order = await orders.getOrder(notification.orderId);
  if (!order) return;
  const sendAt = clock.now() + delayInSeconds * 1000;
  await queues.notificationsAreDue([{ ...notification, sendAt }], order.value.traceparent);
}

/**
 * Sends a notification that was stored before. Safe to repeat as `sendEmail` and `sendSms` are.
 *
 * @returns "later" when the provider could not take it now; otherwise its status tells what came of it
 */
export async function sendNow(
  ports: SendNowPorts,
  notification: Notification,
): Promise<"sent" | "later"> {
  const { orderId, id, channel } = notification;
  try {
    await (channel === "email" ? sendEmail(ports, orderId, id) : sendSms(ports, orderId, id));
    return "sent";
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    ports.logger.warn({ orderId, reason: error.message }, "An instant message must wait");
    await handOn(ports, notification, error.delayInSeconds);
    return "later";
  }
}
