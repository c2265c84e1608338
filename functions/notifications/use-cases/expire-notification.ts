/** Notifications: what is not final long after its expiry becomes so, in whatever state it is (NO-D04, ES-D12). */
import { isFinal } from "../domain/delivery-status.ts";
import { withReport } from "../domain/settlement.ts";
import { type SettlePorts, settleNotification } from "./settle-notification.ts";
import type { Held } from "./settle-together.ts";

/**
 * Gives up on a notification that has expired. Safe to repeat. One that has not expired, or is final, stays as it is.
 *
 * @param graceInMs how long after the expiry a report of the provider is still waited for
 */
export async function expireNotification(
  ports: SettlePorts,
  held: Held,
  graceInMs: number,
): Promise<void> {
  const now = ports.clock.now();
  await settleNotification(ports, held, (notification) => {
    if (isFinal(notification.status) || now < notification.expiresAt + graceInMs) return undefined;
    const { expiresAt } = notification;
    return withReport(notification, {
      status: "Failed_TTL",
      at: expiresAt,
      heardAt: now,
      detail: "expired",
    });
  });
}
