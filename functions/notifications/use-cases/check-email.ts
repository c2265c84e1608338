/** Notifications: asks the provider about an e-mail, sparsely and for a while; its reports are the main source. */
import type { NotificationQueues, OrderStore } from "../domain/ports.ts";
import type { EmailSender } from "../domain/provider-ports.ts";
import { withReport } from "../domain/settlement.ts";
import { settleNotification, type SettlePorts } from "./settle-notification.ts";

/** What asking needs. */
export interface CheckEmailPorts extends SettlePorts {
  readonly orders: SettlePorts["orders"] & Pick<OrderStore, "getNotification">;
  readonly queues: NotificationQueues;
  readonly emails: EmailSender;
}

/** From one question to the next; after the last one only a report or the expiry tells (ES-D05). */
const waitsInMs = [2, 10, 30, 120, 480].map((minutes) => minutes * 60_000);

/**
 * Asks once, and plans the next question while the e-mail is under way. Safe to repeat. No answer, and no knowledge of
 * the operation, prove nothing about the e-mail: the question is put off, nothing is sent again (ES-D01, ES-D02).
 *
 * @param attempt 1 for the first question
 */
export async function checkEmail(
  ports: CheckEmailPorts,
  orderId: string,
  notificationId: string,
  attempt: number,
): Promise<void> {
  const found = await ports.orders.getNotification(orderId, notificationId);
  const reference = found?.value.sending?.reference;
  if (found?.value.status !== "Sending" || reference === undefined) return;
  const state = await ports.emails.ask(reference);
  if (state.kind === "known" && state.status !== "Sending") {
    const now = ports.clock.now();
    const { status, detail } = state;
    await settleNotification(ports, { orderId, notificationId }, (notification) =>
      withReport(notification, {
        status,
        at: now,
        heardAt: now,
        ...(detail !== undefined && { detail }),
      }),
    );
    return;
  }
  const wait = waitsInMs[attempt - 1];
  if (wait === undefined) return;
  await ports.queues.checkEmail(found.value, attempt + 1, ports.clock.now() + wait);
}
