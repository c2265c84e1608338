/** An order that cannot be carried out now: tried again after a growing pause, and in the end parked where it is seen. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock, Logger, Random } from "../../kernel/ports.ts";
import type { Delay, Order } from "../domain/order.ts";
import type { OrderStore, Versioned } from "../domain/ports.ts";
import { backOffInSeconds } from "../domain/send-attempt.ts";

/** What delaying needs. */
export interface DelayOrderPorts {
  readonly orders: OrderStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** What stands in the way. */
export interface Obstacle {
  /** Never holds personal data. */
  readonly reason: string;
  readonly atLeastInSeconds?: number;
  /** Trying later than that makes no sense. */
  readonly notAfter?: number;
}

/** For so long an order is tried again by itself: an outage of the registers is over by then, or somebody must look. */
const PATIENCE_IN_MS = 24 * 60 * 60_000;

/** Sets an order aside until somebody has looked at it. Safe to repeat. */
export async function parkOrder(
  { orders, clock, logger }: Omit<DelayOrderPorts, "random">,
  { value: order, version }: Versioned<Order>,
  reason: string,
): Promise<"done" | "again"> {
  const value: Order & { delayed?: Delay } = { ...order, parked: { reason, at: clock.now() } };
  // Who takes it up again begins with fresh patience.
  delete value.delayed;
  const change = await orders.replaceOrder({ value, version });
  if (change === "outdated") return "again";
  logger.error({ orderId: order.id, reason }, "An order is parked");
  return "done";
}

function delayAfter(
  known: Delay | undefined,
  obstacle: Obstacle,
  now: number,
  random: Random,
): Delay {
  const { reason, atLeastInSeconds = 1, notAfter = Infinity } = obstacle;
  const failureCount = known?.failureCount ?? 0;
  const pause = Math.max(atLeastInSeconds, backOffInSeconds(failureCount, random));
  return {
    reason,
    failureCount: failureCount + 1,
    firstAt: known?.firstAt ?? now,
    since: known?.reason === reason ? known.since : now,
    until: Math.max(now + 1000, Math.min(now + pause * 1000, notAfter)),
  };
}

/**
 * Notes on the order what stands in the way, and asks for another try; after a day of that the order is parked.
 *
 * @returns it is parked, or has been changed by somebody else
 * @throws {RetryLater} when to try again
 */
export async function delayOrder(
  ports: DelayOrderPorts,
  found: Versioned<Order>,
  obstacle: Obstacle,
): Promise<"done" | "again"> {
  const { value: order, version } = found;
  const now = ports.clock.now();
  if (order.delayed && now - order.delayed.firstAt >= PATIENCE_IN_MS) {
    return parkOrder(ports, found, obstacle.reason);
  }
  const delayed = delayAfter(order.delayed, obstacle, now, ports.random);
  const change = await ports.orders.replaceOrder({ value: { ...order, delayed }, version });
  if (change === "outdated") return "again";
  throw new RetryLater(Math.ceil((delayed.until - now) / 1000), obstacle.reason);
}
