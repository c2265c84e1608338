/** Notifications, after each change: what somebody was sent is found by who it was for, and what has ended is counted. */
import { endedOrderOf, type MetricRow, metricOf } from "../domain/metrics.ts";
import type { NotificationLog } from "../domain/log-ports.ts";
import type { NotificationMetrics } from "../domain/metrics-ports.ts";
import type { Notification } from "../domain/notification.ts";
import { personKeysOf, toLogged } from "../domain/notification-log.ts";
import { isFinalState, type Order } from "../domain/order.ts";
import type { OrderStore } from "../domain/ports.ts";

/** What projecting needs. */
export interface ProjectNotificationsPorts {
  readonly orders: OrderStore;
  readonly log: NotificationLog;
  readonly metrics: NotificationMetrics;
}

/** While it is being handed over, nothing that is asked for is new. */
const isUnderWay = ({ status, sending }: Notification): boolean =>
  status === "Sending" && sending?.outcome !== "unconfirmed";

/**
 * Projects one changed notification. Safe to repeat, in any order.
 *
 * @param changed its order, when that changed at the same time: it need not be read
 */
export async function projectNotification(
  ports: ProjectNotificationsPorts,
  notification: Notification,
  changed?: Order,
): Promise<void> {
  if (isUnderWay(notification)) return;
  const order = changed ?? (await ports.orders.getOrder(notification.orderId))?.value;
  if (!order) return; // expired, and what is known of it too
  await ports.log.put(toLogged(notification, order));
  const row: MetricRow | undefined = metricOf(notification, order);
  if (row) await ports.metrics.put(row);
}

/** Projects one changed order: whom it names while it waits, and that it has ended. Safe to repeat. */
export async function projectOrder(ports: ProjectNotificationsPorts, order: Order): Promise<void> {
  if (isFinalState(order.state)) {
    await ports.metrics.putOrder(endedOrderOf(order));
  } else if (order.state === "Registered") {
    for (const key of personKeysOf(order.recipients)) {
      await ports.log.name(key, { orderId: order.id, dueAt: order.requestedSendAt });
    }
  }
}
