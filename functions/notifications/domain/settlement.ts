/** What a piece of evidence does to a notification and to its order; both change together. */
import { type Evidence, isFinal, isSuccess, merge } from "./delivery-status.ts";
import { type HeardReport, MAX_REPORTS, type Notification } from "./notification.ts";
import { type ChannelTally, mayFollow, type Order } from "./order.ts";

/** A notification with what was heard of it. A report that was heard before is not kept twice. */
export function withReport(notification: Notification, report: HeardReport): Notification {
  const isKnown = notification.reports.some(
    ({ status, at }) => status === report.status && at === report.at,
  );
  const reports = isKnown ? notification.reports : [...notification.reports, report];
  const { status, at } = merge(notification, report);
  return { ...notification, status, at, reports: reports.slice(-MAX_REPORTS) };
}

/** A notification that has come further by our own doing, such as having been handed to the provider. */
export function withEvidence(notification: Notification, evidence: Evidence): Notification {
  const { status, at } = merge(notification, evidence);
  return { ...notification, status, at };
}

const asCount = (is: boolean): number => (is ? 1 : 0);

function retally(tally: ChannelTally, before: Notification, after: Notification): ChannelTally {
  const { channel } = before;
  return {
    generated: tally.generated,
    succeeded:
      tally.succeeded +
      asCount(isSuccess(channel, after.status)) -
      asCount(isSuccess(channel, before.status)),
    open: tally.open + asCount(!isFinal(after.status)) - asCount(!isFinal(before.status)),
  };
}

/** Whether a change of a notification is one of its order, too. */
export const affectsOrder = (before: Notification, after: Notification): boolean =>
  isFinal(before.status) !== isFinal(after.status) ||
  isSuccess(before.channel, before.status) !== isSuccess(after.channel, after.status);

/**
 * The order after one of its notifications has changed: counted anew, and completed when nothing is open any more.
 *
 * @returns the same object when nothing of the order changes
 */
export function orderAfter(
  order: Order,
  before: Notification,
  after: Notification,
  now: number,
): Order {
  if (!affectsOrder(before, after)) return order;
  const { channel } = before;
  const counted = retally(order.tally[channel], before, after);
  const tally = { ...order.tally, [channel]: counted };
  const isDone = tally.email.open === 0 && tally.sms.open === 0;
  if (!isDone || !mayFollow(order.state, "Completed")) return { ...order, tally };
  return { ...order, tally, state: "Completed", stateAt: now };
}
