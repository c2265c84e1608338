/** Notifications, within the step that all others end in: changes of one order that come at once are made together. */
import { RetryLater } from "../../kernel/failures.ts";
import { createGroupCommit } from "../../kernel/group-commit.ts";
import type { Clock } from "../../kernel/ports.ts";
import type { Notification } from "../domain/notification.ts";
import type { Order } from "../domain/order.ts";
import type { OrderStore, Versioned } from "../domain/ports.ts";
import { affectsOrder, orderAfter } from "../domain/settlement.ts";

/** What settling needs of its surroundings. */
export interface Stage {
  /** The part of the store in which a notification and its order change. */
  readonly orders: Pick<
    OrderStore,
    "getNotificationWithOrder" | "getNotificationsWithOrder" | "replaceNotification" | "settle"
  >;
  readonly clock: Clock;
}

/** A change of a notification; `undefined` leaves it as it is. Pure: it is run again when somebody else was faster. */
export type Step = (notification: Notification) => Notification | undefined;

/** A notification as it was read or written last, with its order unless that is not there any more. */
export interface Held {
  readonly notification: Versioned<Notification>;
  readonly order?: Versioned<Order>;
}

/** A change that somebody wants made; what is held already spares the reading. */
export interface Wish {
  readonly notificationId: string;
  readonly held?: Held;
  readonly step: Step;
}

/** What became of a wish: both as they are now, `undefined` when the notification is not there any more. */
export type Settled = PromiseSettledResult<Held | undefined>;

/** Makes changes of one order, by its id; outcomes in the order of the wishes. */
export type SettleTogether = (
  orderId: string,
  wishes: readonly Wish[],
) => Promise<readonly Settled[]>;

/** Most notifications that change at a time: each is a write of a transaction of at most a hundred and 2 MB. */
const limits = { count: 20, size: Infinity, sizeOf: () => 0 };

/** Other instances that may be faster with the same order. */
const MAX_RACES = 25;

/** Notifications of one order, by id, and the order. */
interface Situation {
  readonly notifications: ReadonlyMap<string, Versioned<Notification>>;
  readonly order?: Versioned<Order>;
}

async function look(
  { orders }: Stage,
  orderId: string,
  wishes: readonly Wish[],
): Promise<Situation> {
  const ids = [...new Set(wishes.map(({ notificationId }) => notificationId))];
  const { notifications, order } = await orders.getNotificationsWithOrder(orderId, ids);
  return {
    notifications: new Map(notifications.map((it) => [it.value.id, it])),
    ...(order && { order }),
  };
}

const situationOf = ({ notification, order }: Held): Situation => ({
  notifications: new Map([[notification.value.id, notification]]),
  ...(order && { order }),
});

/** What the wishes make of the situation, one after the other. */
function after(situation: Situation, wishes: readonly Wish[], now: number): Situation {
  const notifications = new Map(situation.notifications);
  let order = situation.order;
  for (const { notificationId, step } of wishes) {
    const found = notifications.get(notificationId);
    const value = found && step(found.value);
    if (!value || (!order && affectsOrder(found.value, value))) continue;
    if (order) order = { ...order, value: orderAfter(order.value, found.value, value, now) };
    notifications.set(notificationId, { ...found, value });
  }
  return { notifications, ...(order && { order }) };
}

/** Writes what differs. @returns the situation with its new versions */
async function write(
  { orders }: Stage,
  before: Situation,
  now: Situation,
): Promise<Situation | "outdated"> {
  const changed = [...now.notifications.values()].filter(
    (it) => before.notifications.get(it.value.id)?.value !== it.value,
  );
  const isOrderChanged = now.order?.value !== before.order?.value;
  if (changed.length === 0) return now;
  const written = await orders.settle(changed, isOrderChanged ? now.order : undefined);
  if (written === "outdated") return written;
  const { order = now.order } = written;
  return {
    notifications: new Map([
      ...now.notifications,
      ...written.notifications.map((it) => [it.value.id, it] as const),
    ]),
    ...(order && { order }),
  };
}

/**
 * Reads, changes and writes, and begins anew when somebody was faster.
 *
 * @throws {RetryLater} too many others change the same order at this moment
 */
async function settleAll(
  stage: Stage,
  orderId: string,
  wishes: readonly Wish[],
): Promise<readonly (Held | undefined)[]> {
  const [first] = wishes;
  const held = wishes.length === 1 ? first?.held : undefined;
  for (let races = 0; races < MAX_RACES; races++) {
    const before = held && races === 0 ? situationOf(held) : await look(stage, orderId, wishes);
    const settled = await write(stage, before, after(before, wishes, stage.clock.now()));
    if (settled === "outdated") continue;
    const { notifications, order } = settled;
    return wishes.map(({ notificationId }) => {
      const notification = notifications.get(notificationId);
      return notification && { notification, ...(order && { order }) };
    });
  }
  throw new RetryLater(2, "Many reports change one order at the same time");
}

/** All at once, or, when that cannot be, in halves: one that is too much must not fail the others. */
async function settleEach(
  stage: Stage,
  orderId: string,
  wishes: readonly Wish[],
): Promise<readonly Settled[]> {
  try {
    const settled = await settleAll(stage, orderId, wishes);
    return settled.map((value) => ({ status: "fulfilled", value }));
  } catch (error) {
    if (wishes.length === 1 || error instanceof RetryLater) {
      return wishes.map(() => ({ status: "rejected", reason: error }));
    }
    const half = Math.ceil(wishes.length / 2);
    return [
      ...(await settleEach(stage, orderId, wishes.slice(0, half))),
      ...(await settleEach(stage, orderId, wishes.slice(half))),
    ];
  }
}

/**
 * All recipients of an order answer within seconds: what an instance holds of that changes the order together, instead
 * of one after the other and each against the others. One for all steps of an instance.
 */
export const createSettleTogether = (stage: Stage): SettleTogether =>
  createGroupCommit(limits, (orderId, wishes: readonly Wish[]) =>
    settleEach(stage, orderId, wishes),
  );
