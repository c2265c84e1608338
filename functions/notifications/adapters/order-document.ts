/**
 * How chains, orders and notifications are stored: one logical partition a chain.
 *
 * `wakeAt` is there only while something is open: the reconciler finds what lags by one small index.
 */
import { isFinal } from "../domain/delivery-status.ts";
import type { Notification } from "../domain/notification.ts";
import { type Chain, isFinalState, type Order } from "../domain/order.ts";
import { partitionOf } from "../domain/shipment-id.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Personal data goes with the order this long after it is done; the status feed lives shorter. */
const RETENTION_IN_MS = 180 * DAY;

/** How long a step may take before the reconciler asks after it. */
const GRACE_IN_MS = 2 * MINUTE;
const PROCESSING_GRACE_IN_MS = 20 * MINUTE;

/** After that long past its expiry, a notification is taken to be lost (NO-D56: not sooner). */
export const EXPIRY_GRACE_IN_MS = 5 * MINUTE;

interface Stored {
  readonly id: string;
  readonly subject: string;
  /** Seconds from the last write. */
  readonly ttl: number;
}

export interface ChainDocument extends Stored {
  readonly kind: "chain";
  readonly chain: Chain;
}

export interface OrderDocument extends Stored {
  readonly kind: "order";
  readonly orderId: string;
  readonly wakeAt?: number;
  readonly order: Order;
}

export interface NotificationDocument extends Stored {
  readonly kind: "notification";
  readonly orderId: string;
  readonly wakeAt?: number;
  readonly notification: Notification;
}

/** The id of a chain's document; orders and notifications have UUIDs. */
export const CHAIN_DOCUMENT_ID = "chain";

const ttlUntil = (from: number, now: number): number =>
  Math.ceil((Math.max(0, from - now) + RETENTION_IN_MS) / 1000);

export const toChainDocument = (
  chain: Chain,
  orders: readonly Order[],
  now: number,
): ChainDocument => ({
  id: CHAIN_DOCUMENT_ID,
  subject: partitionOf(chain.id),
  ttl: ttlUntil(Math.max(now, ...orders.map(({ requestedSendAt }) => requestedSendAt)), now),
  kind: "chain",
  chain,
});

const orderWakeAt = (order: Order): number | undefined => {
  if (isFinalState(order.state) || order.parked) return undefined;
  switch (order.state) {
    case "Registered":
      return Math.max(order.requestedSendAt, order.createdAt) + GRACE_IN_MS;
    case "Processing":
      return order.stateAt + PROCESSING_GRACE_IN_MS;
    default:
      return undefined; // its notifications have their own
  }
};

export function toOrderDocument(order: Order, now: number): OrderDocument {
  const wakeAt = orderWakeAt(order);
  return {
    id: order.id,
    subject: partitionOf(order.id),
    ttl: ttlUntil(order.requestedSendAt, now),
    kind: "order",
    orderId: order.id,
    ...(wakeAt !== undefined && { wakeAt }),
    order,
  };
}

/** While nothing was handed to a provider it may be a lost message; afterwards only the expiry decides. */
const notificationWakeAt = (it: Notification): number | undefined => {
  if (isFinal(it.status)) return undefined;
  const expiry = it.expiresAt + EXPIRY_GRACE_IN_MS;
  if (it.parked || it.sending) return expiry;
  return Math.min(expiry, Math.max(it.sendAt, it.createdAt) + PROCESSING_GRACE_IN_MS);
};

export function toNotificationDocument(it: Notification, now: number): NotificationDocument {
  const wakeAt = notificationWakeAt(it);
  return {
    id: it.id,
    subject: partitionOf(it.orderId),
    ttl: ttlUntil(it.expiresAt, now),
    kind: "notification",
    orderId: it.orderId,
    ...(wakeAt !== undefined && { wakeAt }),
    notification: it,
  };
}
