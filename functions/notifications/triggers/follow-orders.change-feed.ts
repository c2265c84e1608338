/** What follows from a stored order, woken by the change feed: its message, scheduled for the time it is to be sent. */
import type { CosmosDBv4Handler } from "@azure/functions";
import { RetryLater } from "../../kernel/failures.ts";
import { followOneByOne, type FollowPorts } from "../../platform/cosmos/follow-one-by-one.ts";
import { inSpans } from "../../platform/telemetry/spans.ts";
import type { Order } from "../domain/order.ts";
import type { NotificationQueues } from "../domain/ports.ts";

export interface FollowOrdersPorts extends FollowPorts {
  readonly queues: NotificationQueues;
}

interface ChangedDocument {
  readonly id: string;
  readonly subject: string;
  readonly kind: string;
  readonly order: Order;
}

/** New ones: what the reconciler has handed on again, or was set aside, has its message already. */
const isNew = ({ kind, order }: ChangedDocument): boolean =>
  kind === "order" && order.state === "Registered" && !order.handOver && !order.parked;

export const followOrdersChangeFeed =
  (ports: FollowOrdersPorts): CosmosDBv4Handler =>
  async (changes) => {
    const orders = (changes as readonly ChangedDocument[])
      .filter(isNew)
      .map(({ id, subject, order }) => ({
        key: id,
        subject,
        traceparent: order.traceparent,
        order,
      }));
    try {
      await inSpans(
        { name: "follow-orders", kind: "consumer" },
        orders.map(({ traceparent }) => traceparent),
        () => ports.queues.ordersAreDue(orders.map(({ order }) => order)),
      );
    } catch (error) {
      if (error instanceof RetryLater) throw error;
      await followOneByOne(ports, "follow-orders", orders, ({ order }) =>
        ports.queues.orderIsDue(order),
      );
    }
  };
