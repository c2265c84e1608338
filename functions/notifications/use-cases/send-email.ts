/** Notifications, step 4: an e-mail is handed to its provider. Next: `record-delivery`, woken by the provider's report. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Notification } from "../domain/notification.ts";
import type { EmailTemplate } from "../domain/order.ts";
import type { Attachments, EmailSender, OutgoingEmail } from "../domain/provider-ports.ts";
import { operationIdOf } from "../domain/send-attempt.ts";
import { fetchAttachments } from "./fetch-attachments.ts";
import {
  type Due,
  type HandOverPorts,
  noteAccepted,
  noteCall,
  noteRejected,
  putOff,
  takeBudget,
  tryAgain,
} from "./hand-over.ts";
import { takeStep } from "./take-step.ts";

/** What sending an e-mail needs. */
export interface SendEmailPorts extends HandOverPorts {
  readonly emails: EmailSender;
  readonly attachments: Attachments;
}

const toOutgoing = (
  notification: Notification,
  template: EmailTemplate,
  operationId: string,
  attachments: OutgoingEmail["attachments"],
): OutgoingEmail => ({
  shipmentId: notification.orderId,
  operationId,
  senderAddress: template.senderAddress,
  address: notification.address,
  subject: notification.subject ?? template.subject,
  body: notification.body ?? template.body,
  contentType: template.contentType,
  attachments,
});

/** The provider has it: from here on its reports tell; where none comes, `release-overdue` begins to ask. */
async function accept(ports: SendEmailPorts, due: Due): Promise<void> {
  await noteAccepted(ports, due, "Sending", due.notification.value.sending?.reference);
}

/** Notes the call where a report will be looked for, and with the notification. */
async function announce(
  ports: SendEmailPorts,
  due: Due,
  attempt: number,
): Promise<Due | undefined> {
  const { id: notificationId, orderId } = due.notification.value;
  const operationId = operationIdOf(due.notification.value, attempt);
  await ports.references.put("acs-email", operationId, { orderId, notificationId });
  return noteCall(ports, due, attempt);
}

async function call(ports: SendEmailPorts, due: Due, attempt: number): Promise<void> {
  const { email } = due.order.value;
  if (!email) {
    await noteRejected(ports, due, "Failed", "no-template");
    return;
  }
  const fetched = await fetchAttachments(ports, email.attachments ?? []).catch((error: unknown) => {
    if (error instanceof RetryLater) return putOff(ports, due, error);
    throw error;
  });
  if (fetched.kind === "rejected") {
    await noteRejected(ports, due, fetched.status, "attachment");
    return;
  }
  await takeBudget(ports, due.notification.value);
  const noted = await announce(ports, due, attempt);
  if (!noted) return;
  const notification = noted.notification.value;
  const operationId = operationIdOf(notification, attempt);
  const answer = await ports.emails.send(
    toOutgoing(notification, email, operationId, fetched.attachments),
  );
  switch (answer.kind) {
    case "accepted":
      await accept(ports, noted);
      return;
    case "rejected":
      await noteRejected(ports, noted, answer.status, answer.detail);
      return;
    default:
      await tryAgain(ports, noted, answer);
  }
}

/** Asks after a call of unknown outcome; sends again, under the same name, only what the provider never heard of. */
async function askFirst(ports: SendEmailPorts, due: Due, attempt: number): Promise<void> {
  const state = await ports.emails.ask(operationIdOf(due.notification.value, attempt));
  switch (state.kind) {
    case "known":
      if (state.status === "Sending" || state.status === "Succeeded") await accept(ports, due);
      else await noteRejected(ports, due, state.status, state.detail ?? "");
      return;
    case "no-answer":
      await putOff(ports, due, {
        message: "The e-mail provider cannot be asked",
        delayInSeconds: state.delayInSeconds ?? 0,
      });
      return;
    case "unheard-of":
      await call(ports, due, attempt);
  }
}

/**
 * Sends an e-mail. Safe to repeat: what is stored tells what a former try has done, and the provider is asked after a
 * call whose outcome is not known.
 *
 * @throws {RetryLater} not yet: before its time, budget spent, provider or storage not able
 */
export async function sendEmail(
  ports: SendEmailPorts,
  orderId: string,
  notificationId: string,
): Promise<void> {
  await takeStep(ports, orderId, notificationId, {
    ask: (due, attempt) => askFirst(ports, due, attempt),
    send: (due, attempt) => call(ports, due, attempt),
  });
}
