/** Events, step 3: tell one subscriber of one event; tried again until it is taken, held or given up. */
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import type { Clock } from "../../kernel/ports.ts";
import { type Delivery, inRound, isOver, newDelivery } from "../domain/delivery.ts";
import type { DeliveryLog, EventStore, SubscriptionStore } from "../domain/ports.ts";
import { isActive } from "../domain/subscription-state.ts";
import { authorize, deliver, type DeliverPorts } from "./deliver-event.ts";

/** What pushing needs. */
export interface PushEventPorts extends DeliverPorts {
  readonly clock: Clock;
  readonly events: EventStore;
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: DeliveryLog;
}

/** Which event is due to which subscription. */
export interface DuePush {
  readonly subscriptionId: number;
  readonly subject: string;
  readonly key: string;
  /** The replay that asks for it; empty for the first time. */
  readonly round: string;
}

const textOfNow = (clock: Clock): string => new Date(clock.now()).toISOString();

/** The end point may not be called now: what is due waits for the owner's choice, in the order of the log. */
async function hold(ports: PushEventPorts, delivery: Delivery): Promise<void> {
  await ports.deliveries.put({ ...delivery, state: "held", updatedAt: textOfNow(ports.clock) });
  const now = await ports.subscriptions.get(delivery.subscriptionId);
  // Resumed while we wrote: whoever resumed it may have looked before this was there.
  if (now && isActive(now)) throw new RetryLater(1, "The subscription was resumed just now");
}

/**
 * Tells one subscriber of one event. Safe to repeat: what was delivered is not delivered again.
 *
 * @throws {RetryLater} it was not taken, or nobody can say whether it may be told
 * @throws {PermanentFailure} attempts-exhausted, egress-refused
 */
export async function pushEvent(ports: PushEventPorts, due: DuePush): Promise<void> {
  const [subscription, stored, earlier] = await Promise.all([
    ports.subscriptions.get(due.subscriptionId),
    ports.events.get(due.subject, due.key),
    ports.deliveries.get(due.subscriptionId, due.key),
  ]);
  // Deleted meanwhile, or the event is too old to be kept: nobody is to be told.
  if (!subscription || !stored) return;
  if (earlier && isOver(earlier)) return;
  const delivery = earlier
    ? inRound(earlier, due.round)
    : newDelivery(due.subscriptionId, stored, textOfNow(ports.clock), due.round);
  if (delivery.state === "dead-lettered") {
    // The broker brings a message back a few times before it gives up, too: the end point is not to notice.
    throw new PermanentFailure("attempts-exhausted", "The delivery was given up");
  }
  const authorized = await authorize(ports, subscription, stored, delivery);
  if (authorized.state === "unauthorized") {
    await ports.deliveries.put(authorized);
    return;
  }
  if (!isActive(subscription)) {
    await hold(ports, authorized);
    return;
  }
  const outcome = await deliver(ports, subscription, stored, authorized);
  if (outcome.kind === "parked") await hold(ports, outcome.delivery);
}

/** Records that a delivery was given up. Safe to repeat. */
export async function giveUpPush(ports: PushEventPorts, due: DuePush): Promise<void> {
  const [stored, earlier] = await Promise.all([
    ports.events.get(due.subject, due.key),
    ports.deliveries.get(due.subscriptionId, due.key),
  ]);
  const updatedAt = textOfNow(ports.clock);
  const delivery =
    earlier ?? (stored && newDelivery(due.subscriptionId, stored, updatedAt, due.round));
  if (!delivery || isOver(delivery)) return;
  await ports.deliveries.put({
    ...inRound(delivery, due.round),
    state: "dead-lettered",
    updatedAt,
  });
}
