/** Notifications, reading: what somebody was sent, for the support desk and for the person. */
import type { NotificationLog, Span } from "../domain/log-ports.ts";
import { keyOfDialog, type LoggedNotification, type LogKey } from "../domain/notification-log.ts";

/** What reading needs. */
export interface ReadNotificationLogPorts {
  readonly log: NotificationLog;
}

/** Attempts to tell somebody by one order. */
export type Shipment = readonly [LoggedNotification, ...LoggedNotification[]];

/** What was to be sent to somebody in a span of time, by order; newest first. */
export async function findShipments(
  { log }: ReadNotificationLogPorts,
  key: LogKey,
  span: Span,
): Promise<readonly Shipment[]> {
  const shipments = new Map<string, [LoggedNotification, ...LoggedNotification[]]>();
  for (const logged of await log.list(key, span)) {
    const known = shipments.get(logged.shipmentId);
    if (known) known.push(logged);
    else shipments.set(logged.shipmentId, [logged]);
  }
  return [...shipments.values()];
}

/** Whose log of which dialog. */
export interface DialogQuestion {
  /** National id of who asks. */
  readonly person: string;
  readonly dialogId: string;
  readonly transmissionId?: string;
}

/** What a person was sent about a dialog; of others nothing, though it be the same dialog. */
export async function readOwnLog(
  { log }: ReadNotificationLogPorts,
  { person, dialogId, transmissionId }: DialogQuestion,
): Promise<readonly LoggedNotification[]> {
  const all = await log.list(keyOfDialog(dialogId), { from: 0, to: Number.MAX_SAFE_INTEGER });
  return all.filter(
    ({ recipient, dialog }) =>
      recipient.nationalIdentityNumber === person &&
      (transmissionId === undefined ||
        dialog?.transmissionId?.toLowerCase() === transmissionId.toLowerCase()),
  );
}
