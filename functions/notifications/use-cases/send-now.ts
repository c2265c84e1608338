/** Notifications, step 4 within a request: an instant message is handed to its provider while its sender waits. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Notification } from "../domain/notification.ts";
import { sendEmail, type SendEmailPorts } from "./send-email.ts";
import { sendSms, type SendSmsPorts } from "./send-sms.ts";

/** What sending within a request needs. */
export interface SendNowPorts extends SendEmailPorts, SendSmsPorts {}

/**
 * Sends a notification that was stored before. Safe to repeat as `sendEmail` and `sendSms` are.
 *
 * @returns "later" when the provider could not take it now; otherwise its status tells what came of it
 */
export async function sendNow(
  ports: SendNowPorts,
  { orderId, id, channel }: Notification,
): Promise<"sent" | "later"> {
  try {
    await (channel === "email" ? sendEmail(ports, orderId, id) : sendSms(ports, orderId, id));
    return "sent";
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    ports.logger.warn({ orderId, reason: error.message }, "An instant message must wait");
    return "later";
  }
}
