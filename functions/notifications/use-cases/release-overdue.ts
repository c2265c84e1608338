/** The safety net: whatever should have moved on and did not is handed on again, or expires. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Logger } from "../../kernel/ports.ts";
import { isFinal } from "../domain/delivery-status.ts";
import { EXPIRY_GRACE_IN_MS } from "../domain/expiry.ts";
import { firstQuestionAt, isWithProvider, type Notification } from "../domain/notification.ts";
import { type HandOver, isFinalState } from "../domain/order.ts";
import type { NotificationQueues, OrderStore, Overdue, Versioned } from "../domain/ports.ts";
import { expireNotification } from "./expire-notification.ts";
import type { SettlePorts } from "./settle-notification.ts";

/** What releasing needs. */
export interface ReleaseOverduePorts extends SettlePorts {
  readonly orders: OrderStore;
  readonly queues: NotificationQueues;
  readonly logger: Logger;
}

/** How many of what lagged behind were handed on again or ended. */
export interface Released {
  readonly orderCount: number;
  readonly notificationCount: number;
}

const AT_ONCE = 16;
const A_PAGE = 200;

/** Ends a run before the next one begins. */
const LONGEST_RUN_IN_MS = 45_000;

const nextHandOver = (known: HandOver | undefined, now: number): HandOver => ({
  round: (known?.round ?? 0) + 1,
  at: now,
});

/** Tells this hand-over from the ones before, whose messages may still be known to the broker. */
const nameOf = ({ round }: HandOver): string => `again-${round}`;

async function releaseOrder(ports: ReleaseOverduePorts, orderId: string): Promise<void> {
  const found = await ports.orders.getOrder(orderId);
  if (!found || isFinalState(found.value.state) || found.value.parked) return;
  const handOver = nextHandOver(found.value.handOver, ports.clock.now());
  await ports.queues.orderIsDue(found.value, nameOf(handOver));
  await ports.orders.replaceOrder({ ...found, value: { ...found.value, handOver } });
}

/** No report has come of an e-mail that its provider has taken. */
async function beginAsking(
  { orders, queues }: ReleaseOverduePorts,
  { value, version }: Versioned<Notification>,
  now: number,
): Promise<void> {
  const { sending } = value;
  const isDue = now >= (firstQuestionAt(value) ?? Infinity);
  if (!sending || !isDue) return;
  await queues.checkEmail(value, 1, now);
  const asked = { ...value, sending: { ...sending, askedSince: now } };
  await orders.replaceNotification({ value: asked, version });
}

async function releaseNotification(
  ports: ReleaseOverduePorts,
  orderId: string,
  notificationId: string,
): Promise<void> {
  const { notification: found, order } = await ports.orders.getNotificationWithOrder(
    orderId,
    notificationId,
  );
  if (!found || !order || isFinal(found.value.status)) return;
  const now = ports.clock.now();
  if (now >= found.value.expiresAt + EXPIRY_GRACE_IN_MS) {
    await expireNotification(ports, { notification: found, order }, EXPIRY_GRACE_IN_MS);
    return;
  }
  if (found.value.parked) return;
  if (isWithProvider(found.value)) {
    await beginAsking(ports, found, now);
    return;
  }
  const handOver = nextHandOver(found.value.handOver, now);
  const { traceparent } = order.value;
  await ports.queues.notificationsAreDue([found.value], traceparent, nameOf(handOver));
  await ports.orders.replaceNotification({ ...found, value: { ...found.value, handOver } });
}

/** Whether it was released: one that fails is not in the way of the others, and is found again by the next run. */
async function releaseOne(ports: ReleaseOverduePorts, overdue: Overdue): Promise<boolean> {
  const { kind, orderId, notificationId } = overdue;
  try {
    if (kind === "order") await releaseOrder(ports, orderId);
    else await releaseNotification(ports, orderId, notificationId ?? "");
    return true;
  } catch (error) {
    if (error instanceof RetryLater) throw error;
    ports.logger.error({ orderId, kind }, "Something overdue could not be released", error);
    return false;
  }
}

async function releasePage(
  ports: ReleaseOverduePorts,
  page: readonly Overdue[],
): Promise<readonly Overdue[]> {
  const released: Overdue[] = [];
  for (let from = 0; from < page.length; from += AT_ONCE) {
    const some = page.slice(from, from + AT_ONCE);
    const outcomes = await Promise.all(some.map((overdue) => releaseOne(ports, overdue)));
    released.push(...some.filter((_, index) => outcomes[index]));
  }
  return released;
}

/**
 * Releases what is overdue, page by page. Safe to repeat: each hand-over is counted where it is stored, and the next
 * one is waited for longer.
 *
 * @throws {RetryLater} database or broker do not answer; the next run goes on
 */
export async function releaseOverdue(ports: ReleaseOverduePorts): Promise<Released> {
  const startedAt = ports.clock.now();
  const released: Overdue[] = [];
  for (;;) {
    const page = await ports.orders.listOverdue(ports.clock.now(), A_PAGE);
    const done = await releasePage(ports, page);
    released.push(...done);
    const isLast = page.length < A_PAGE || done.length === 0;
    if (isLast || ports.clock.now() - startedAt > LONGEST_RUN_IN_MS) break;
  }
  const orderCount = released.filter(({ kind }) => kind === "order").length;
  return { orderCount, notificationCount: released.length - orderCount };
}
