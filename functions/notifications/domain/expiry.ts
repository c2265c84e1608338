/** Until when a notification is of use; what is not sent by then is not sent any more. */
import type { Channel, Order } from "./order.ts";
import { nextSendTime, type SendWindow } from "./send-window.ts";

const MINUTE = 60_000;
const USEFUL_IN_MS = 48 * 60 * MINUTE;

/** After its expiry a report of the provider is still waited for that long; then the message is taken to be lost (NO-D56). */
export const EXPIRY_GRACE_IN_MS = 5 * MINUTE;

type Timing = Pick<Order, "type" | "createdAt" | "requestedSendAt" | "timeToLiveInSeconds" | "sms">;

/**
 * When the notifications of an order expire, in milliseconds since the epoch. Two days are counted from the moment at
 * which the first of them may go out: what waits for the send window does not lose the time it waited.
 */
export function expiryOf(order: Timing, channel: Channel, window: SendWindow): number {
  if (channel === "sms" && order.timeToLiveInSeconds !== undefined) {
    return order.createdAt + order.timeToLiveInSeconds * 1000;
  }
  const from = order.type === "Instant" ? order.createdAt : order.requestedSendAt;
  const policy = channel === "sms" ? (order.sms?.policy ?? "Daytime") : "Anytime";
  return nextSendTime(window, policy, from) + USEFUL_IN_MS;
}
