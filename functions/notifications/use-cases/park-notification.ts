/** Notifications: one that cannot be sent for a reason nobody foresaw is put where somebody looks; until its expiry it can be redriven. */
import { isFinal } from "../domain/delivery-status.ts";
import { type SettlePorts, settleNotification } from "./settle-notification.ts";

/** What parking needs. */
export type ParkPorts = SettlePorts;

/** Parks a notification. Safe to repeat; one that is final stays as it is. */
export async function parkNotification(
  ports: ParkPorts,
  orderId: string,
  notificationId: string,
  reason: string,
): Promise<void> {
  const at = ports.clock.now();
  await settleNotification(ports, { orderId, notificationId }, (notification) =>
    isFinal(notification.status) ? undefined : { ...notification, parked: { reason, at } },
  );
}
