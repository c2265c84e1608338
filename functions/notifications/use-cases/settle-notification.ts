/** Notifications, the step that all others end in: something is known of a notification, and its order follows. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";
import { createRounds, type Rounds } from "../../kernel/rounds.ts";
import type { Notification } from "../domain/notification.ts";
import type { Order } from "../domain/order.ts";
import type { OrderStore, Versioned } from "../domain/ports.ts";
import { affectsOrder, orderAfter } from "../domain/settlement.ts";

/** The part of the store in which a notification and its order change. */
export type SettledStore = Pick<
  OrderStore,
  "getNotificationWithOrder" | "getNotificationsWithOrder" | "replaceNotification" | "settle"
>;

/** What settling needs. */
export interface SettlePorts {
  readonly orders: SettledStore;
  readonly clock: Clock;
  /** All recipients of an order answer at once: those in the hands of this instance change it together. */
  readonly rounds: SettleRounds;
}

/** One for all steps of an instance. */
export type SettleRounds = Rounds<Wish, Held | undefined>;

/** Most notifications that change in one round: each is a write of a transaction of at most a hundred and 2 MB. */
const ROUND_SIZE = 20;

export /**
 *
 */
const createSettleRounds = (): SettleRounds => createRounds(ROUND_SIZE);

/** Other instances that may be faster with the same order. */
const MAX_RACES = 25;

/** A change of a notification; `undefined` leaves it as it is. Pure: it is run again when somebody else was faster. */
export type Step = (notification: Notification) => Notification | undefined;

/** A notification as it was read or written last, with its order unless that is not there any more. */
export interface Held {
  readonly notification: Versioned<Notification>;
  readonly order?: Versioned<Order>;
}

/** Which notification, for a step that has not read it. */
export interface NotificationKey {
  readonly orderId: string;
  readonly notificationId: string;
}

/** A change that somebody wants made; what is held already spares the reading. */
export interface Wish {
  readonly notificationId: string;
  readonly held?: Held;
  readonly step: Step;
}

/** Notifications of one order, by id, and the order. */
interface Situation {
  readonly notifications: ReadonlyMap<string, Versioned<Notification>>;
  readonly order?: Versioned<Order>;
}

async function look(
  { orders }: SettlePorts,
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
  { orders }: SettlePorts,
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

const situationOf = ({ notification, order }: Held): Situation => ({
  notifications: new Map([[notification.value.id, notification]]),
  ...(order && { order }),
});

async function settleTogether(
  ports: SettlePorts,
  orderId: string,
  wishes: readonly Wish[],
): Promise<readonly (Held | undefined)[]> {
  const [first] = wishes;
  const held = wishes.length === 1 ? first?.held : undefined;
  for (let races = 0; races < MAX_RACES; races++) {
    const before = held && races === 0 ? situationOf(held) : await look(ports, orderId, wishes);
    const settled = await write(ports, before, after(before, wishes, ports.clock.now()));
    if (settled === "outdated") continue;
    const { notifications, order } = settled;
    return wishes.map(({ notificationId }) => {
      const notification = notifications.get(notificationId);
      return notification && { notification, ...(order && { order }) };
    });
  }
  throw new RetryLater(2, "Many reports change one order at the same time");
}

/** Together, or, when that cannot be, in halves: one that is too much must not fail the others. */
async function settleEach(
  ports: SettlePorts,
  orderId: string,
  wishes: readonly Wish[],
): Promise<readonly PromiseSettledResult<Held | undefined>[]> {
  try {
    const settled = await settleTogether(ports, orderId, wishes);
    return settled.map((value) => ({ status: "fulfilled", value }));
  } catch (error) {
    if (wishes.length === 1 || error instanceof RetryLater) {
      return wishes.map(() => ({ status: "rejected", reason: error }));
    }
    const half = Math.ceil(wishes.length / 2);
    return [
      ...(await settleEach(ports, orderId, wishes.slice(0, half))),
      ...(await settleEach(ports, orderId, wishes.slice(half))),
    ];
  }
}

/**
 * Changes a notification alone.
 *
 * @returns "outdated" when somebody was faster; "joint" when its order changes, too, and others may want the same
 */
async function settleAlone(
  { orders }: SettlePorts,
  held: Held,
  step: Step,
): Promise<Held | "outdated" | "joint"> {
  const before = held.notification.value;
  const value = step(before);
  if (!value || value === before) return held;
  if (affectsOrder(before, value)) return "joint";
  const notification = await orders.replaceNotification({ ...held.notification, value });
  return notification === "outdated" ? notification : { ...held, notification };
}

/**
 * Changes a notification, and its order with it when that follows. Safe to repeat as far as the step is.
 *
 * @param from what is held already spares the reading; when it is outdated, both are read anew
 * @returns both as they are now; `undefined` when the notification is not there any more
 * @throws {RetryLater} too many others change the same order at this moment
 */
export async function settleNotification(
  ports: SettlePorts,
  from: Held | NotificationKey,
  step: Step,
): Promise<Held | undefined> {
  const join = (orderId: string, wish: Wish): Promise<Held | undefined> =>
    ports.rounds(orderId, wish, (wishes) => settleEach(ports, orderId, wishes));

  if (!("notification" in from)) {
    return join(from.orderId, { notificationId: from.notificationId, step });
  }
  // Most steps say nothing about the order: it is not written.
  const alone = await settleAlone(ports, from, step);
  if (alone !== "outdated" && alone !== "joint") return alone;
  const { orderId, id: notificationId } = from.notification.value;
  return join(orderId, { notificationId, step, ...(alone === "joint" && { held: from }) });
}
