/** Notifications, step 4: an SMS is handed to its gateway. Next: `record-delivery`, woken by the gateway's report. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Notification } from "../domain/notification.ts";
import type { SmsTemplate } from "../domain/order.ts";
import type { OutgoingSms, SmsSender } from "../domain/provider-ports.ts";
import { operationIdOf } from "../domain/send-attempt.ts";
import { nextSendTime, type SendWindow } from "../domain/send-window.ts";
import { fitSegments } from "../domain/sms-segments.ts";
import {
  type Due,
  type HandOverPorts,
  noteAccepted,
  noteCall,
  noteOutcome,
  noteRejected,
  takeBudget,
  tryAgain,
} from "./hand-over.ts";
import { takeStep } from "./take-step.ts";

/** What sending an SMS needs. */
export interface SendSmsPorts extends HandOverPorts {
  readonly sms: SmsSender;
  readonly sendWindow: SendWindow;
}

/** Nobody knows whether the gateway has it, and it cannot be asked: it stays visible, and is not sent again by itself. */
async function noteUnconfirmed(ports: SendSmsPorts, due: Due): Promise<void> {
  const { id, orderId } = due.notification.value;
  ports.logger.warn({ orderId, notificationId: id }, "An SMS is unconfirmed");
  await noteOutcome(ports, due, "unconfirmed", false);
}

async function accept(ports: SendSmsPorts, due: Due, reference: string | undefined): Promise<void> {
  const { id, orderId } = due.notification.value;
  // The reference first: a report may be faster than this.
  if (reference !== undefined) {
    await ports.references.put(ports.sms.provider, reference, { orderId, notificationId: id });
  }
  await noteAccepted(ports, due, "Accepted", reference);
}

function assertWindow(ports: SendSmsPorts, { policy }: SmsTemplate): void {
  const now = ports.clock.now();
  const opensAt = nextSendTime(ports.sendWindow, policy, now);
  if (opensAt > now) {
    throw new RetryLater(Math.ceil((opensAt - now) / 1000), "Outside of the send window");
  }
}

const firstSentAt = ({ sending }: Notification): number | undefined =>
  sending?.firstStartedAt ?? sending?.startedAt;

const toOutgoing = (
  notification: Notification,
  { sender, body }: SmsTemplate,
  attempt: number,
  now: number,
): OutgoingSms => ({
  operationId: operationIdOf(notification, attempt),
  sender,
  number: notification.address,
  body: fitSegments(notification.body ?? body),
  timeToLiveInSeconds: Math.ceil((notification.expiresAt - now) / 1000),
  firstSentAt: firstSentAt(notification) ?? now,
});

/** Whether a call of unknown outcome may be made again, because the gateway still knows the first one. */
function isRepeatable({ sms, clock }: SendSmsPorts, notification: Notification): boolean {
  const first = firstSentAt(notification);
  return first !== undefined && clock.now() - first < sms.repeatableForInMs;
}

async function call(ports: SendSmsPorts, due: Due, attempt: number): Promise<void> {
  const { sms } = due.order.value;
  if (!sms) {
    await noteRejected(ports, due, "Failed", "no-template");
    return;
  }
  assertWindow(ports, sms);
  await takeBudget(ports, due.notification.value);
  const noted = await noteCall(ports, due, attempt);
  if (!noted) return;
  const now = ports.clock.now();
  const answer = await ports.sms.send(toOutgoing(noted.notification.value, sms, attempt, now));
  switch (answer.kind) {
    case "accepted":
      await accept(ports, noted, answer.reference);
      return;
    case "rejected":
      await noteRejected(ports, noted, answer.status, answer.detail);
      return;
    case "unknown":
      if (isRepeatable(ports, noted.notification.value)) await tryAgain(ports, noted, answer);
      else await noteUnconfirmed(ports, noted);
      return;
    default:
      await tryAgain(ports, noted, answer);
  }
}

/**
 * Sends an SMS. Safe to repeat: a call that was made and has no known outcome is not made again unless the gateway
 * knows idempotency.
 *
 * @throws {RetryLater} not yet: before its time, outside of the window, budget spent, gateway not able
 */
export async function sendSms(
  ports: SendSmsPorts,
  orderId: string,
  notificationId: string,
): Promise<void> {
  await takeStep(ports, orderId, notificationId, {
    ask: (due, attempt) =>
      isRepeatable(ports, due.notification.value)
        ? call(ports, due, attempt)
        : noteUnconfirmed(ports, due),
    send: (due, attempt) => call(ports, due, attempt),
  });
}
