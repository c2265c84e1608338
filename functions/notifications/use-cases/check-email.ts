/** Notifications: asks the provider about an e-mail, sparsely and for a while; its reports are the main source. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Random } from "../../kernel/ports.ts";
import type { NotificationQueues, OrderStore } from "../domain/ports.ts";
import type { EmailSender, OperationState } from "../domain/provider-ports.ts";
import { withReport } from "../domain/settlement.ts";
import { settleNotification, type SettlePorts } from "./settle-notification.ts";

/** What asking needs. */
export interface CheckEmailPorts extends SettlePorts {
  readonly orders: SettlePorts["orders"] & Pick<OrderStore, "getNotification">;
  readonly queues: NotificationQueues;
  readonly emails: EmailSender;
  readonly random: Random;
}

/** From one question to the next; after the last one only a report or the expiry tells (ES-D05). */
const waitsInMs = [2, 10, 30, 120, 480].map((minutes) => minutes * 60_000);

/** Many questions come at once when reports have failed to come for a while, and a minute takes sixty of them. */
const UNANSWERED_WAIT_IN_SECONDS = 600;

const unanswered = (
  { random }: CheckEmailPorts,
  { delayInSeconds = 0 }: Extract<OperationState, { kind: "no-answer" }>,
): RetryLater => {
  const spread = UNANSWERED_WAIT_IN_SECONDS * (0.5 + random());
  const delay = Math.ceil(Math.max(spread, delayInSeconds));
  return new RetryLater(delay, "The e-mail provider cannot be asked");
};

/**
 * Asks once, and plans the next question while the e-mail is under way. Safe to repeat. No answer, and no knowledge of
 * the operation, prove nothing about the e-mail: the question is put off, nothing is sent again (ES-D01, ES-D02).
 *
 * @param attempt 1 for the first question
 * @throws {RetryLater} nobody answered: the question is still to be asked
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
  if (state.kind === "no-answer") throw unanswered(ports, state);
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
