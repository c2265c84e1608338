/** Ports of this context that say, besides doing their work, how much and with what outcome. */
import { measure } from "../../platform/telemetry/metrics.ts";
import { joinTrace } from "../../platform/telemetry/spans.ts";
import type { OrderStore } from "../domain/ports.ts";
import type { EmailSender, SendAnswer, SmsSender } from "../domain/provider-ports.ts";

/** Counts what is committed; and whoever comes to an order from outside, as a report does, joins its trace. */
export const measuredOrders = (orders: OrderStore): OrderStore => ({
  ...orders,
  async register(chain) {
    const outcome = await orders.register(chain);
    if (outcome.kind === "registered") measure("accepted", chain.orders.length, { kind: "order" });
    return outcome;
  },
  async getOrder(id) {
    const found = await orders.getOrder(id);
    if (found) joinTrace(found.value.traceparent);
    return found;
  },
  async getNotificationWithOrder(orderId, id) {
    const found = await orders.getNotificationWithOrder(orderId, id);
    if (found.order) joinTrace(found.order.value.traceparent);
    return found;
  },
  async getNotificationsWithOrder(orderId, ids) {
    const found = await orders.getNotificationsWithOrder(orderId, ids);
    if (found.order) joinTrace(found.order.value.traceparent);
    return found;
  },
});

async function counted(step: string, sending: Promise<SendAnswer>): Promise<SendAnswer> {
  const answer = await sending;
  measure("attempts", 1, { step, outcome: answer.kind });
  return answer;
}

export const measuredEmails = (emails: EmailSender): EmailSender => ({
  ...emails,
  send: (email) => counted("send-email", emails.send(email)),
});

export const measuredSms = (sms: SmsSender): SmsSender => ({
  ...sms,
  send: (message) => counted("send-sms", sms.send(message)),
});
