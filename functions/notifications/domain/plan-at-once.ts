/** An order that is due and that nobody need be asked about is stored as what it comes to. */
import { noContacts } from "./contacts.ts";
import type { Notification } from "./notification.ts";
import type { Order } from "./order.ts";
import { planNotifications, type PlanningRules, tallyOf } from "./plan-notifications.ts";
import { registerIdOf } from "./recipient.ts";

/** A transaction takes a hundred documents and 2 MB; of very many the processing takes care in portions. */
const AT_MOST = 50;

/** Everything of a chain is stored in one transaction; one of its documents is the chain itself. */
const AT_MOST_OF_CHAIN = 99;

const isPlain = ({ condition, recipients, requestedSendAt }: Order, now: number): boolean =>
  condition === undefined &&
  requestedSendAt <= now &&
  recipients.length <= AT_MOST &&
  recipients.every((recipient) => registerIdOf(recipient) === undefined);

/** An order with the notifications that are stored with it. */
export interface PlannedOrder {
  readonly order: Order;
  readonly notifications: readonly Notification[];
}

/**
 * Plans a new order at once where that needs no register, no condition and no patience. The result is what processing
 * it would have come to.
 *
 * @returns `undefined` when it must be processed
 */
export function planAtOnce(
  order: Order,
  now: number,
  rules: PlanningRules,
): PlannedOrder | undefined {
  if (!isPlain(order, now)) return undefined;
  const { traceparent } = order;
  const notifications = planNotifications(order, noContacts, now, rules).map((it) => ({
    ...it,
    outbox: { traceparent },
  }));
  const isOpen = notifications.length > 0 && notifications.every(({ status }) => status === "New");
  if (!isOpen || notifications.length > AT_MOST) return undefined;
  return {
    order: { ...order, state: "Processed", stateAt: now, tally: tallyOf(notifications) },
    notifications,
  };
}

/**
 * Plans what can be planned at once of the orders of a chain, the main order first, as far as one transaction takes
 * them all: reminders may be due together with it. The others are stored to be processed.
 */
export function planChainAtOnce(
  orders: readonly Order[],
  now: number,
  rules: PlanningRules,
): readonly PlannedOrder[] {
  let room = AT_MOST_OF_CHAIN - orders.length;
  return orders.map((order) => {
    const planned = planAtOnce(order, now, rules);
    if (!planned || planned.notifications.length > room) return { order, notifications: [] };
    room -= planned.notifications.length;
    return planned;
  });
}
