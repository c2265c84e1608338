/** Notifications, after each change: what somebody was sent is found by who it was for, and what has ended is counted. */
import { endedOrderOf, type MetricRow, metricOf } from "../domain/metrics.ts";
import type { NotificationLog } from "../domain/log-ports.ts";
import type { NotificationMetrics } from "../domain/metrics-ports.ts";
import type { Notification } from "../domain/notification.ts";
import { personKeysOf, toLogged } from "../domain/notification-log.ts";
import { isFinalState, type Order } from "../domain/order.ts";
import type { OrderStore } from "../domain/ports.ts";
import { registerIdOf } from "../domain/recipient.ts";

/** What projecting needs. */
export interface ProjectNotificationsPorts {
  readonly orders: OrderStore;
  readonly log: NotificationLog;
  readonly metrics: NotificationMetrics;
}

/** Orders and notifications that changed, each as it is by now. */
export interface Changed {
  readonly orders: readonly Order[];
  readonly notifications: readonly Notification[];
}

/** Changes at the same time; each is a small write or two. */
const AT_ONCE = 16;

async function eachOf<Item, Result>(
  items: readonly Item[],
  follow: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(follow))));
  }
  return results;
}

/** It was stored as planned and goes out within seconds, unless something has stood in the way. */
const isAboutToGo = (it: Notification): boolean => {
  const { status, outbox, sendAt, createdAt, handOver, parked, failureCount } = it;
  const isUntouched = !handOver && !parked && failureCount === 0;
  return status === "New" && outbox !== undefined && sendAt <= createdAt && isUntouched;
};

/**
 * Nothing that is asked for is new: its end will be. What a provider has may wait for its report for days, though: by
 * then, whom it is for is found by support, and can be forgotten (NO-D37).
 */
function isUnderWay(it: Notification): boolean {
  const { status, sending, recipient } = it;
  if (status !== "Sending") return isAboutToGo(it);
  const isForAddress = registerIdOf(recipient) === undefined;
  return sending?.outcome === undefined || (isForAddress && sending.outcome !== "unconfirmed");
}

/** Notes what somebody is sent, and says what is counted of it if it has ended. */
async function logNotification(
  { orders, log }: Pick<ProjectNotificationsPorts, "orders" | "log">,
  notification: Notification,
  changed: Order | undefined,
): Promise<MetricRow | undefined> {
  if (isUnderWay(notification)) return undefined;
  const order = changed ?? (await orders.getOrder(notification.orderId))?.value;
  if (!order) return undefined; // expired, and what is known of it too
  await log.put(toLogged(notification, order));
  return metricOf(notification, order);
}

/** Neither now nor soon it has notifications by which those whom it names would be found. */
const isWithoutNotifications = ({ state, delayed, parked }: Order): boolean => {
  if (state === "Processing") return (delayed ?? parked) !== undefined;
  return state !== "Processed" && state !== "Completed";
};

async function namePersons(
  { log }: Pick<ProjectNotificationsPorts, "log">,
  order: Order,
): Promise<void> {
  if (!isWithoutNotifications(order)) return;
  for (const key of personKeysOf(order.recipients)) {
    await log.name(key, { orderId: order.id, dueAt: order.requestedSendAt });
  }
}

/**
 * Projects what changed. Safe to repeat, in any order.
 *
 * The figures last, all in one: whoever is stopped before them begins with the whole anew, and writes nothing twice.
 */
export async function projectNotifications(
  ports: ProjectNotificationsPorts,
  { orders, notifications }: Changed,
): Promise<void> {
  const known = new Map(orders.map((order) => [order.id, order]));
  const rows = await eachOf(notifications, (it) =>
    logNotification(ports, it, known.get(it.orderId)),
  );
  await eachOf(orders, (order) => namePersons(ports, order));
  await ports.metrics.put({
    notifications: rows.filter((row) => row !== undefined),
    orders: orders.filter(({ state }) => isFinalState(state)).map(endedOrderOf),
  });
}
