/** A person is forgotten (NO-D37): in orders, notifications, log and feeds. What was counted names nobody. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Logger } from "../../kernel/ports.ts";
import { isFinal } from "../domain/delivery-status.ts";
import { eraseFromOrder, eraseNotification, isAbout } from "../domain/erasure.ts";
import type { NotificationLog } from "../domain/log-ports.ts";
import { keyOfRecipient } from "../domain/notification-log.ts";
import { isWithProvider, type Notification } from "../domain/notification.ts";
import { isFinalState } from "../domain/order.ts";
import type { OrderStore } from "../domain/ports.ts";
import type { StatusFeed } from "../domain/read-ports.ts";
import { withReport } from "../domain/settlement.ts";
import { settleNotification, type SettlePorts } from "./settle-notification.ts";

/** What erasing needs. */
export interface ErasePersonPorts extends SettlePorts {
  readonly logger: Logger;
  readonly orders: OrderStore;
  readonly log: NotificationLog;
  readonly statusFeed: StatusFeed;
}

/** How much was erased. */
export interface Erased {
  readonly orders: number;
  readonly notifications: number;
}

/** Others who change the same order at the same time. */
const MAX_RACES = 10;

/** What has not gone out will not; what a provider has still gets its report. */
function forget(it: Notification, now: number): Notification {
  const isStopped = !isFinal(it.status) && !isWithProvider(it);
  const stopped = isStopped
    ? withReport(it, { status: "Failed", at: now, heardAt: now, detail: "erased" })
    : it;
  return eraseNotification(stopped);
}

async function eraseNotifications(
  ports: ErasePersonPorts,
  orderId: string,
  person: string,
): Promise<readonly Notification[]> {
  const all = await ports.orders.listNotifications(orderId);
  const theirs = all.filter((it) => isAbout(it.recipient, person));
  for (const { id } of theirs) {
    await settleNotification(ports, { orderId, notificationId: id }, (it) =>
      forget(it, ports.clock.now()),
    );
  }
  return theirs;
}

async function eraseRecipient(
  { orders, clock }: ErasePersonPorts,
  orderId: string,
  person: string,
): Promise<void> {
  for (let races = 0; races < MAX_RACES; races++) {
    const found = await orders.getOrder(orderId);
    if (!found?.value.recipients.some((it) => isAbout(it, person))) return;
    if (found.value.state === "Processing") {
      throw new RetryLater(60, "An order that names the person is being processed");
    }
    const value = eraseFromOrder(found.value, person, clock.now());
    if ((await orders.replaceOrder({ ...found, value })) !== "outdated") return;
  }
  throw new RetryLater(2, "Others change the same order at the same time");
}

async function eraseFromFeed(
  { orders, statusFeed }: ErasePersonPorts,
  orderId: string,
  theirs: readonly Notification[],
): Promise<void> {
  const order = (await orders.getOrder(orderId))?.value;
  if (!order || !isFinalState(order.state) || theirs.length === 0) return;
  const places = new Set(theirs.map(({ index }) => index));
  await statusFeed.eraseDestinations(order.creator, orderId, places);
}

/**
 * Forgets a person. Safe to repeat; what is said of others in the same orders stays.
 *
 * @param person national id
 * @throws {RetryLater} an order that names the person is in work at this moment; nothing is lost by asking again
 */
export async function erasePerson(ports: ErasePersonPorts, person: string): Promise<Erased> {
  const key = keyOfRecipient({ nationalIdentityNumber: person }) ?? "";
  const orderIds = await ports.log.listOrders(key);
  let notifications = 0;
  for (const orderId of orderIds) {
    const theirs = await eraseNotifications(ports, orderId, person);
    await eraseFromFeed(ports, orderId, theirs);
    await eraseRecipient(ports, orderId, person);
    notifications += theirs.length;
  }
  // The log last: it is what the rest is found by.
  await ports.log.erase(key);
  ports.logger.info({ orders: orderIds.length, notifications }, "A person was erased");
  return { orders: orderIds.length, notifications };
}
