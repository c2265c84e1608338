/**
 * What follows from a stored order, woken by the change feed: its message, scheduled for the time it is to be sent; of
 * one that was planned at once, the messages of its notifications.
 */
import type { CosmosDBv4Handler } from "@azure/functions";
import { RetryLater } from "../../kernel/failures.ts";
import {
  type Change,
  followOneByOne,
  type FollowPorts,
} from "../../platform/cosmos/follow-one-by-one.ts";
import { inSpans } from "../../platform/telemetry/spans.ts";
import type { Notification } from "../domain/notification.ts";
import type { Order } from "../domain/order.ts";
import type { NotificationQueues } from "../domain/ports.ts";

export interface FollowOrdersPorts extends FollowPorts {
  readonly queues: NotificationQueues;
}

interface ChangedDocument {
  readonly id: string;
  readonly subject: string;
  readonly order?: Order;
  readonly notification?: Notification;
}

/** Something to hand on. */
type Due = Change & ({ readonly order: Order } | { readonly notification: Notification });

/** New ones: what the reconciler has handed on again, or was set aside, has its message already. */
const isNewOrder = ({ state, handOver, parked }: Order): boolean =>
  state === "Registered" && !handOver && !parked;

const isNewNotification = ({ status, sending, handOver, parked }: Notification): boolean =>
  status === "New" && !sending && !handOver && !parked;

function toDue({ id, subject, order, notification }: ChangedDocument): readonly Due[] {
  const change = { key: id, subject };
  if (order && isNewOrder(order)) return [{ ...change, traceparent: order.traceparent, order }];
  if (!notification?.outbox || !isNewNotification(notification)) return [];
  return [{ ...change, traceparent: notification.outbox.traceparent, notification }];
}

const traceOf = ({ outbox }: Notification): string => outbox?.traceparent ?? "";

async function handOn({ queues }: FollowOrdersPorts, dues: readonly Due[]): Promise<void> {
  const orders = dues.flatMap((due) => ("order" in due ? [due.order] : []));
  const notifications = dues.flatMap((due) => ("notification" in due ? [due.notification] : []));
  if (orders.length > 0) await queues.ordersAreDue(orders);
  if (notifications.length > 0) await queues.notificationsAreDue(notifications, traceOf);
}

export const followOrdersChangeFeed =
  (ports: FollowOrdersPorts): CosmosDBv4Handler =>
  async (changes) => {
    const dues = (changes as readonly ChangedDocument[]).flatMap(toDue);
    try {
      await inSpans(
        { name: "follow-orders", kind: "consumer" },
        dues.map(({ traceparent }) => traceparent),
        () => handOn(ports, dues),
      );
    } catch (error) {
      if (error instanceof RetryLater) throw error;
      await followOneByOne(ports, "follow-orders", dues, (due) => handOn(ports, [due]));
    }
  };
