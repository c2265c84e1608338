/** Notifications, step 4: what a message about a due notification makes happen, whichever channel it is of. */
import { RetryLater } from "../../kernel/failures.ts";
import { nextStep } from "../domain/send-attempt.ts";
import { expireNotification } from "./expire-notification.ts";
import { type Due, findDue, type HandOverPorts } from "./hand-over.ts";

/** What a channel does itself. */
export interface ChannelSteps {
  /** A former call has no known outcome. */
  readonly ask: (due: Due, attempt: number) => Promise<void>;
  /** Nothing stands in the way of a call. */
  readonly send: (due: Due, attempt: number) => Promise<void>;
}

/**
 * Does what is next about a notification. Safe to repeat: what is stored tells what a former try has done.
 *
 * @throws {RetryLater} not yet: before its time, or a former call may still be under way
 */
export async function takeStep(
  ports: HandOverPorts,
  orderId: string,
  notificationId: string,
  { ask, send }: ChannelSteps,
): Promise<void> {
  const due = await findDue(ports, orderId, notificationId);
  if (!due) return;
  const step = nextStep(due.notification.value, ports.clock.now());
  switch (step.kind) {
    case "done":
      return;
    case "expired":
      await expireNotification(ports, due, 0);
      return;
    case "wait":
      throw new RetryLater(step.delayInSeconds, "Not yet time to send");
    case "ask":
      await ask(due, step.attempt);
      return;
    case "send":
      await send(due, step.attempt);
  }
}
