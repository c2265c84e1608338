/** What sending an e-mail and sending an SMS have in common: the notes before and after the call to the provider. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Logger, Random } from "../../kernel/ports.ts";
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { Notification } from "../domain/notification.ts";
import type { NotificationOfOrder, NotificationQueues } from "../domain/ports.ts";
import type { Budgets, ProviderReferences, SendAnswer } from "../domain/provider-ports.ts";
import { backOffInSeconds, operationIdOf } from "../domain/send-attempt.ts";
import { withEvidence, withReport } from "../domain/settlement.ts";
import { settleNotification, type SettlePorts } from "./settle-notification.ts";
import type { Step } from "./settle-together.ts";

/** What handing over needs besides the provider. */
export interface HandOverPorts extends SettlePorts {
  readonly queues: NotificationQueues;
  readonly references: ProviderReferences;
  readonly budgets: Budgets;
  readonly random: Random;
  readonly logger: Logger;
}

/** A notification that is due, with its order, as they were read or written last. */
export type Due = NotificationOfOrder;

/** Reads what a message is about; `undefined` when it is not there any more. */
export async function findDue(
  { orders }: Pick<HandOverPorts, "orders">,
  orderId: string,
  notificationId: string,
): Promise<Due | undefined> {
  const { notification, order } = await orders.getNotificationWithOrder(orderId, notificationId);
  return notification && order && { notification, order };
}

/**
 * Waits for the provider's budget.
 *
 * @throws {RetryLater} it is not this message's turn
 */
export async function takeBudget(
  { budgets }: Pick<HandOverPorts, "budgets">,
  { channel, lane }: Notification,
): Promise<void> {
  const delayInSeconds = await budgets.take(channel, lane);
  if (delayInSeconds > 0) throw new RetryLater(delayInSeconds, `The budget of ${channel} is spent`);
}

/** Changes a notification in the light of what is held. */
async function note(ports: HandOverPorts, due: Due, step: Step): Promise<Due | undefined> {
  const settled = await settleNotification(ports, due, step);
  return settled && { notification: settled.notification, order: settled.order ?? due.order };
}

/** Notes, before the call, that it is about to be made and under which name. */
export function noteCall(
  ports: HandOverPorts,
  due: Due,
  attempt: number,
): Promise<Due | undefined> {
  const now = ports.clock.now();
  return note(ports, due, (notification) => {
    const reference = operationIdOf(notification, attempt);
    const noted = withEvidence(notification, { status: "Sending", at: now });
    const before = notification.sending;
    const firstStartedAt =
      before?.attempt === attempt ? (before.firstStartedAt ?? before.startedAt) : undefined;
    return {
      ...noted,
      sending: {
        attempt,
        startedAt: now,
        reference,
        ...(firstStartedAt !== undefined && { firstStartedAt }),
      },
    };
  });
}

/** Notes that the provider has it. */
export function noteAccepted(
  ports: HandOverPorts,
  due: Due,
  status: DeliveryStatus,
  reference: string | undefined,
): Promise<Due | undefined> {
  const now = ports.clock.now();
  return note(ports, due, (notification) => ({
    ...withReport(notification, { status, at: now, heardAt: now }),
    sending: {
      attempt: notification.sending?.attempt ?? 1,
      startedAt: notification.sending?.startedAt ?? now,
      outcome: "accepted",
      ...(reference !== undefined && { reference }),
    },
  }));
}

/** Notes that the provider will never take it: that is its end. */
export async function noteRejected(
  ports: HandOverPorts,
  due: Due,
  status: DeliveryStatus,
  detail: string,
): Promise<void> {
  const now = ports.clock.now();
  await note(ports, due, (notification) =>
    withReport(notification, { status, at: now, heardAt: now, detail }),
  );
}

/** Notes what came of a call that was not accepted; a provider that could not take it is counted as a failure. */
export async function noteOutcome(
  ports: HandOverPorts,
  due: Due,
  outcome: "not-taken" | "unknown" | "unconfirmed",
  isFailure: boolean,
): Promise<void> {
  await note(ports, due, (notification) => {
    const { sending, failureCount } = notification;
    if (!sending || sending.outcome === "accepted") return undefined;
    return {
      ...notification,
      failureCount: failureCount + (isFailure ? 1 : 0),
      sending: { ...sending, outcome },
    };
  });
}

/**
 * A service did not answer before the provider was called: counted as a failure, so that it is asked ever less often.
 *
 * @throws {RetryLater} always
 */
export async function putOff(
  ports: HandOverPorts,
  due: Due,
  { message, delayInSeconds }: Pick<RetryLater, "message" | "delayInSeconds">,
): Promise<never> {
  const { failureCount } = due.notification.value;
  await note(ports, due, (it) => ({ ...it, failureCount: it.failureCount + 1 }));
  const pause = backOffInSeconds(failureCount, ports.random);
  throw new RetryLater(Math.max(delayInSeconds, pause), message);
}

/**
 * What follows from an answer that is neither a yes nor a no. After one that is not known, the next try asks first.
 *
 * @throws {RetryLater} always
 */
export async function tryAgain(
  ports: HandOverPorts,
  due: Due,
  answer: Extract<SendAnswer, { kind: "throttled" | "unavailable" | "unknown" }>,
): Promise<never> {
  const { channel, failureCount } = due.notification.value;
  if (answer.kind === "throttled") {
    await ports.budgets.pause(channel, answer.delayInSeconds);
    await noteOutcome(ports, due, "not-taken", false);
    throw new RetryLater(answer.delayInSeconds, `The ${channel} provider is throttling`);
  }
  const outcome = answer.kind === "unavailable" ? "not-taken" : "unknown";
  await noteOutcome(ports, due, outcome, true);
  throw new RetryLater(backOffInSeconds(failureCount, ports.random), answer.reason);
}
