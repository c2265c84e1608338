/** Hand-over from step to step by Service Bus. Message ids say what a message is about, so a repeat is dropped. */
import topology from "../../../infra/topology.json" with { type: "json" };
import type { MessageSender, OutgoingMessage } from "../../platform/messaging/service-bus.ts";
import type { Lane, Notification } from "../domain/notification.ts";
import type { Channel, Order } from "../domain/order.ts";
import type { NotificationQueues } from "../domain/ports.ts";

const { queues } = topology;

const names: Readonly<Record<Channel, Readonly<Record<Lane, string>>>> = {
  email: {
    instant: queues.emailSends.name,
    normal: queues.emailSends.name,
    bulk: queues.emailSendsBulk.name,
  },
  sms: {
    instant: queues.smsSends.name,
    normal: queues.smsSends.name,
    bulk: queues.smsSendsBulk.name,
  },
};

const suffix = (round: string | undefined): string => (round === undefined ? "" : `.${round}`);

const toMessage = (
  { id, orderId, sendAt }: Notification,
  traceparent: string,
  round: string | undefined,
): OutgoingMessage => ({
  id: `send.${id}${suffix(round)}`,
  body: { orderId, notificationId: id },
  traceparent,
  dueAt: sendAt,
});

const toDueMessage = (order: Order, round?: string): OutgoingMessage => ({
  id: `due.${order.id}${suffix(round)}`,
  body: { orderId: order.id },
  traceparent: order.traceparent,
  dueAt: order.requestedSendAt,
});

export const createServiceBusNotificationQueues = (
  messages: MessageSender,
): NotificationQueues => ({
  orderIsDue: (order, round) => messages.send(queues.ordersDue.name, [toDueMessage(order, round)]),
  ordersAreDue: (orders) =>
    messages.send(
      queues.ordersDue.name,
      orders.map((order) => toDueMessage(order)),
    ),
  async notificationsAreDue(notifications, traceparent, round) {
    const byQueue = new Map<string, OutgoingMessage[]>();
    for (const it of notifications) {
      const queue = names[it.channel][it.lane];
      const known = byQueue.get(queue) ?? [];
      const trace = typeof traceparent === "string" ? traceparent : traceparent(it);
      known.push(toMessage(it, trace, round));
      byQueue.set(queue, known);
    }
    for (const [queue, group] of byQueue) await messages.send(queue, group);
  },
  checkEmail: ({ id, orderId, sending }, attempt, dueAt) =>
    messages.send(queues.emailChecks.name, [
      {
        id: `check.${id}.${sending?.attempt ?? 1}.${attempt}`,
        body: { orderId, notificationId: id, attempt },
        dueAt,
      },
    ]),
  tellCreator: (order) =>
    messages.send(queues.statusCallbacks.name, [
      { id: `tell.${order.id}`, body: { orderId: order.id }, traceparent: order.traceparent },
    ]),
});
