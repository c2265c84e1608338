/** What was held or given up is taken up again, page by page, oldest first, as its owner chose. Next: `push-event`. */
import type { Clock } from "../../kernel/ports.ts";
import { type Delivery, inRound } from "../domain/delivery.ts";
import type {
  DeliveryLog,
  EventQueues,
  ReplayRequest,
  SubscriptionStore,
} from "../domain/ports.ts";
import { isActive } from "../domain/subscription-state.ts";

/** What replaying needs. */
export interface ReplayDeliveriesPorts {
  readonly clock: Clock;
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: DeliveryLog;
  readonly queues: EventQueues;
}

/** Deliveries in one go, and the pause before the next: an end point that has just come back is not flooded. */
const PAGE_SIZE = 100;
const PAUSE_IN_MS = 1000;

async function isWanted(
  ports: ReplayDeliveriesPorts,
  replay: ReplayRequest,
  delivery: Delivery,
): Promise<boolean> {
  switch (replay.choice) {
    case "all":
      return true;
    case "skip":
      return false;
    case "latest":
      return !(await ports.deliveries.hasLater(replay, delivery));
  }
}

/** The message goes first: a crash in between asks for it again, and the end point is told once all the same. */
async function takeUp(
  ports: ReplayDeliveriesPorts,
  { round }: ReplayRequest,
  delivery: Delivery,
): Promise<void> {
  const { subscriptionId, subject, key } = delivery;
  await ports.queues.requestPushes([{ subscriptionId, subject, key, round }]);
  const updatedAt = new Date(ports.clock.now()).toISOString();
  await ports.deliveries.move(delivery, { ...inRound(delivery, round), updatedAt });
}

async function pass(
  ports: ReplayDeliveriesPorts,
  { round }: ReplayRequest,
  delivery: Delivery,
): Promise<void> {
  const updatedAt = new Date(ports.clock.now()).toISOString();
  await ports.deliveries.move(delivery, { ...delivery, round, state: "skipped", updatedAt });
}

/** Takes up one page of a replay and asks for the next. Safe to repeat. */
export async function replayDeliveries(
  ports: ReplayDeliveriesPorts,
  replay: ReplayRequest,
): Promise<void> {
  const subscription = await ports.subscriptions.get(replay.subscriptionId);
  if (!subscription) return; // deleted meanwhile
  // Parked again meanwhile: what is not taken up yet stays as it is, for the next choice.
  if (replay.choice !== "skip" && !isActive(subscription)) return;
  const page = await ports.deliveries.select(replay, PAGE_SIZE);
  // In order, one after the other: whether a later one of the same subject follows must not change under our feet.
  for (const delivery of page) {
    if (await isWanted(ports, replay, delivery)) await takeUp(ports, replay, delivery);
    else await pass(ports, replay, delivery);
  }
  if (page.length === PAGE_SIZE) {
    const next = { ...replay, page: replay.page + 1 };
    await ports.queues.requestReplay(next, ports.clock.now() + PAUSE_IN_MS);
  }
}
