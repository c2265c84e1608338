/** How an order that came to its end is told of: in the feed, and to the address that its creator gave. */
import { deliveryLifecycle, orderLifecycle, recipientType } from "./lifecycle.ts";
import type { StatusEntry } from "./read-ports.ts";

const timeOf = (at: number): string => new Date(at).toISOString();

/** `type` and `shipmentType` are both there: the reference has one here and the other there (NO-D24). */
export const statusJson = (entry: StatusEntry): object => ({
  shipmentId: entry.shipmentId,
  sendersReference: entry.sendersReference,
  recipients: entry.recipients.map(({ channel, destination, status, updatedAt }) => ({
    type: recipientType(channel),
    destination,
    status: deliveryLifecycle(channel, status),
    lastUpdate: timeOf(updatedAt),
  })),
  status: orderLifecycle(entry.status),
  lastUpdate: timeOf(entry.updatedAt),
  type: entry.shipmentType,
  shipmentType: entry.shipmentType,
});
