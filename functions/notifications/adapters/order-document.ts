/**
 * How chains, orders and notifications are stored: one logical partition a chain.
 *
 * `wakeAt` is there only while something is open: the reconciler finds what lags by one small index.
 */
import type { Versioned as VersionedDocument } from "../../platform/cosmos/documents.ts";
import { isFinal } from "../domain/delivery-status.ts";
import { EXPIRY_GRACE_IN_MS } from "../domain/expiry.ts";
import { firstQuestionAt, isWithProvider, type Notification } from "../domain/notification.ts";
import { type Chain, type HandOver, isFinalState, type Order } from "../domain/order.ts";
import type { Versioned } from "../domain/ports.ts";
import { ttlInSeconds } from "../domain/retention.ts";
import { partitionOf } from "../domain/shipment-id.ts";

const MINUTE = 60_000;

/** How long a step may take before the reconciler asks after it. */
const GRACE_IN_MS = 2 * MINUTE;
const PROCESSING_GRACE_IN_MS = 20 * MINUTE;

/** Longest time from one hand-over to the next; each is twice as long as the one before. */
const LONGEST_GRACE_IN_MS = 6 * 60 * MINUTE;

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
  /** There while somebody must look at it. */
  readonly parkedAt?: number;
  readonly order: Order;
}

export interface NotificationDocument extends Stored {
  readonly kind: "notification";
  readonly orderId: string;
  readonly wakeAt?: number;
  /** There while somebody must look at it. */
  readonly parkedAt?: number;
  readonly notification: Notification;
}

/** What may lie under the id of an order or a notification. */
type FoundDocument = VersionedDocument<OrderDocument | NotificationDocument> | undefined;

/** The id of a chain's document; orders and notifications have UUIDs. */
export const CHAIN_DOCUMENT_ID = "chain";

export const toChainDocument = (
  chain: Chain,
  orders: readonly Order[],
  now: number,
): ChainDocument => ({
  id: CHAIN_DOCUMENT_ID,
  subject: partitionOf(chain.id),
  ttl: ttlInSeconds(Math.max(now, ...orders.map(({ requestedSendAt }) => requestedSendAt)), now),
  kind: "chain",
  chain,
});

/** What was handed on again is asked after later each time: who waits in a long queue is not to make it longer. */
const afterHandOver = (dueAt: number, handOver: HandOver | undefined, grace: number): number =>
  handOver
    ? Math.max(dueAt, handOver.at + Math.min(grace * 2 ** handOver.round, LONGEST_GRACE_IN_MS))
    : dueAt;

const orderWakeAt = (order: Order): number | undefined => {
  if (isFinalState(order.state) || order.parked) return undefined;
  const { createdAt, requestedSendAt, stateAt, delayed, handOver } = order;
  switch (order.state) {
    case "Registered":
      return afterHandOver(
        Math.max(requestedSendAt, createdAt) + GRACE_IN_MS,
        handOver,
        GRACE_IN_MS,
      );
    case "Processing":
      return afterHandOver(
        Math.max(stateAt + PROCESSING_GRACE_IN_MS, (delayed?.until ?? 0) + GRACE_IN_MS),
        handOver,
        GRACE_IN_MS,
      );
    default:
      return undefined; // its notifications have their own
  }
};

export function toOrderDocument(order: Order, now: number): OrderDocument {
  const wakeAt = orderWakeAt(order);
  return {
    id: order.id,
    subject: partitionOf(order.id),
    ttl: ttlInSeconds(order.requestedSendAt, now),
    kind: "order",
    orderId: order.id,
    ...(wakeAt !== undefined && { wakeAt }),
    ...(order.parked && !isFinalState(order.state) && { parkedAt: order.parked.at }),
    order,
  };
}

/** An instant message was to go within the request; when that did not happen, nobody waits for the usual grace. */
const INSTANT_GRACE_IN_MS = 30_000;

const graceOf = (it: Notification): number =>
  it.lane === "instant" ? INSTANT_GRACE_IN_MS : PROCESSING_GRACE_IN_MS;

/** Until a provider has it, its message may have been lost. */
const notificationWakeAt = (it: Notification): number | undefined => {
  if (isFinal(it.status)) return undefined;
  const expiry = it.expiresAt + EXPIRY_GRACE_IN_MS;
  if (it.parked) return expiry;
  if (isWithProvider(it)) return Math.min(expiry, firstQuestionAt(it) ?? expiry);
  const dueAt = Math.max(it.sendAt, it.createdAt, it.sending?.startedAt ?? 0) + graceOf(it);
  return Math.min(expiry, afterHandOver(dueAt, it.handOver, graceOf(it)));
};

/** Since when somebody must look at it: it was set aside, or its gateway may have it and cannot be asked. */
const toBeSeenSince = ({ status, parked, sending }: Notification): number | undefined => {
  if (isFinal(status)) return undefined;
  return parked?.at ?? (sending?.outcome === "unconfirmed" ? sending.startedAt : undefined);
};

export function toNotificationDocument(it: Notification, now: number): NotificationDocument {
  const wakeAt = notificationWakeAt(it);
  const parkedAt = toBeSeenSince(it);
  return {
    id: it.id,
    subject: partitionOf(it.orderId),
    ttl: ttlInSeconds(it.expiresAt, now),
    kind: "notification",
    orderId: it.orderId,
    ...(wakeAt !== undefined && { wakeAt }),
    ...(parkedAt !== undefined && { parkedAt }),
    notification: it,
  };
}

/** `undefined` when it is no order. */
export const orderIn = (found: FoundDocument): Versioned<Order> | undefined =>
  found?.document.kind === "order"
    ? { value: found.document.order, version: found.etag }
    : undefined;

/** `undefined` when it is no notification. */
export const notificationIn = (found: FoundDocument): Versioned<Notification> | undefined =>
  found?.document.kind === "notification"
    ? { value: found.document.notification, version: found.etag }
    : undefined;
