/** What is counted of notifications that have ended: no address, and of a number its beginning only. */
import { type DeliveryStatus, isFinal } from "./delivery-status.ts";
import type { Notification } from "./notification.ts";
import type { Channel, Order } from "./order.ts";
import { segmentsOf } from "./sms-segments.ts";

/** Where an SMS goes, as it is paid for. */
export type SmsRate = "innland" | "utland" | "n/a";

/** What is told of an SMS besides. */
export interface SmsFigures {
  readonly rate: SmsRate;
  /** The first four characters. */
  readonly numberPrefix: string;
  /** Messages that the text made; 0 when none was sent (NO-D29). */
  readonly segmentCount: number;
  /** Characters of the order's text, and of the recipient's own where it has keywords. */
  readonly bodyLength: number;
  readonly customBodyLength: number;
}

/** One notification that has ended. Instants are milliseconds since the epoch. */
export interface MetricRow {
  readonly notificationId: string;
  readonly shipmentId: string;
  readonly channel: Channel;
  readonly creator: string;
  readonly sendersReference?: string;
  readonly resourceId?: string;
  readonly requestedSendAt: number;
  readonly endedAt: number;
  readonly result: DeliveryStatus;
  /** What the provider calls it. */
  readonly reference?: string;
  readonly sms?: SmsFigures;
}

/** One order that has ended. */
export interface EndedOrder {
  readonly orderId: string;
  readonly creator: string;
  readonly requestedSendAt: number;
  readonly endedAt: number;
}

const PREFIX_LENGTH = 4;

const rateOf = (number: string): SmsRate => {
  if (number === "") return "n/a";
  return /^(\+|00) *47/.test(number) ? "innland" : "utland";
};

const wasSent = ({ sending }: Notification): boolean =>
  sending?.outcome === "accepted" || sending?.outcome === "unconfirmed";

const smsFiguresOf = (it: Notification, order: Order): SmsFigures => {
  const text = order.sms?.body ?? "";
  return {
    rate: rateOf(it.address),
    numberPrefix: it.address.slice(0, PREFIX_LENGTH),
    segmentCount: wasSent(it) ? segmentsOf(it.body ?? text).count : 0,
    bodyLength: text.length,
    customBodyLength: it.body?.length ?? 0,
  };
};

/** What is counted of a notification; `undefined` for one that has not ended. */
export function metricOf(it: Notification, order: Order): MetricRow | undefined {
  if (!isFinal(it.status)) return undefined;
  const { sendersReference, resourceId, requestedSendAt } = order;
  return {
    notificationId: it.id,
    shipmentId: order.id,
    channel: it.channel,
    creator: order.creator,
    ...(sendersReference !== undefined && { sendersReference }),
    ...(resourceId !== undefined && { resourceId }),
    requestedSendAt,
    endedAt: it.at,
    result: it.status,
    ...(it.sending?.reference !== undefined && { reference: it.sending.reference }),
    ...(it.channel === "sms" && { sms: smsFiguresOf(it, order) }),
  };
}

/** What is counted of an order that has ended. */
export const endedOrderOf = ({ id, creator, requestedSendAt, stateAt }: Order): EndedOrder => ({
  orderId: id,
  creator,
  requestedSendAt,
  endedAt: stateAt,
});

/** `2026-01-15`: the day in UTC. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** `2026-01`: the month in UTC. */
export const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);

/** What a creator had sent; SMS are counted as the messages that their texts made. */
export interface Counts {
  readonly orders: number;
  readonly emails: number;
  readonly deliveredEmails: number;
  readonly sms: number;
  readonly deliveredSms: number;
}

/** Nothing yet. */
export const noCounts: Counts = {
  orders: 0,
  emails: 0,
  deliveredEmails: 0,
  sms: 0,
  deliveredSms: 0,
};

/** Both together. */
export const addCounts = (a: Counts, b: Counts): Counts => ({
  orders: a.orders + b.orders,
  emails: a.emails + b.emails,
  deliveredEmails: a.deliveredEmails + b.deliveredEmails,
  sms: a.sms + b.sms,
  deliveredSms: a.deliveredSms + b.deliveredSms,
});

/** What one notification counts. */
export function countsOf({ channel, result, sms }: MetricRow): Counts {
  const isDelivered = result === "Delivered";
  if (channel === "email") {
    return { ...noCounts, emails: 1, deliveredEmails: isDelivered ? 1 : 0 };
  }
  const count = sms?.segmentCount ?? 0;
  return { ...noCounts, sms: count, deliveredSms: isDelivered ? count : 0 };
}
