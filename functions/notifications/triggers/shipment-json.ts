/** Shipments and chains as their creators see them. */
import { isFinal } from "../domain/delivery-status.ts";
import type { Notification } from "../domain/notification.ts";
import type { Chain, Order } from "../domain/order.ts";
import { deliveryLifecycle, orderLifecycle, recipientType } from "../domain/lifecycle.ts";
import { iso } from "./order-json.ts";

/** What stands in an order's way, or has decided its fate. */
const toCircumstances = ({ conditionOutcome, delayed, parked }: Order): object => ({
  conditionOutcome,
  delayed: delayed && { reason: delayed.reason, until: iso(delayed.until) },
  parked: parked && { reason: parked.reason, at: iso(parked.at) },
});

/** The gateway may have it and cannot be asked. */
const isUnconfirmed = ({ sending, status }: Notification): boolean =>
  sending?.outcome === "unconfirmed" && !isFinal(status);

const toRecipientJson = (it: Notification): object => ({
  type: recipientType(it.channel),
  destination: it.address,
  status: deliveryLifecycle(it.channel, it.status),
  lastUpdate: iso(it.at),
  ...(isUnconfirmed(it) && { isUnconfirmed: true }),
});

/** `GET /future/shipment/{id}`. The reference says `type` here and `shipmentType` in the feed: both are in both (NO-D24). */
export const toShipmentJson = (order: Order, notifications: readonly Notification[]): object => ({
  shipmentId: order.id,
  sendersReference: order.sendersReference,
  type: order.type,
  shipmentType: order.type,
  status: orderLifecycle(order.state),
  lastUpdate: iso(order.stateAt),
  recipients: notifications.map(toRecipientJson),
  ...toCircumstances(order),
});

const toLinkJson = (order: Order): object => ({
  shipmentId: order.id,
  sendersReference: order.sendersReference,
  type: order.type,
  requestedSendTime: iso(order.requestedSendAt),
  status: orderLifecycle(order.state),
  lastUpdate: iso(order.stateAt),
  ...toCircumstances(order),
});

/** `GET /future/orders/{chainId}`: the receipt, and how far each of its orders is (NO-D23). */
export function toChainJson(
  { id, createdAt, idempotencyId }: Chain,
  orders: readonly Order[],
): object {
  const [main, ...reminders] = orders;
  return {
    notificationOrderId: id,
    idempotencyId,
    created: iso(createdAt),
    notification: {
      ...(main && toLinkJson(main)),
      ...(reminders.length > 0 && { reminders: reminders.map(toLinkJson) }),
    },
  };
}
