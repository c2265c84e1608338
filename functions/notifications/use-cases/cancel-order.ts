/** An order is cancelled, unless it is about to be carried out. Its entry in the status feed follows (NO-D19). */
import type { Clock } from "../../kernel/ports.ts";
import { RetryLater } from "../../kernel/failures.ts";
import { mayFollow, type Order } from "../domain/order.ts";
import type { Versioned } from "../domain/ports.ts";
import { readChain, type ReadOrderPorts } from "./read-order.ts";

/** What cancelling needs. */
export interface CancelOrderPorts extends ReadOrderPorts {
  readonly clock: Clock;
}

/** What became of a cancellation; one that was made before is answered like the first. */
export type Cancellation =
  | { readonly kind: "cancelled"; readonly order: Order }
  | { readonly kind: "too-late" }
  | { readonly kind: "absent" };

/** From so long before its time on, an order is not cancelled any more. */
const NOTICE_IN_MS = 5 * 60 * 1000;

/** Others who change the same order at the same time. */
const MAX_RACES = 10;

const isCancellable = ({ state, requestedSendAt }: Order, now: number): boolean =>
  mayFollow(state, "Cancelled") && requestedSendAt > now + NOTICE_IN_MS;

async function tryToCancel(
  { orders, clock }: CancelOrderPorts,
  { value, version }: Versioned<Order>,
): Promise<Cancellation | "outdated"> {
  if (value.state === "Cancelled") return { kind: "cancelled", order: value };
  const now = clock.now();
  if (!isCancellable(value, now)) return { kind: "too-late" };
  const order: Order = { ...value, state: "Cancelled", stateAt: now };
  const changed = await orders.replaceOrder({ value: order, version });
  return changed === "outdated" ? changed : { kind: "cancelled", order };
}

/**
 * Cancels one order. Safe to repeat.
 *
 * @throws {RetryLater} others keep changing it
 */
export async function cancelOrder(
  ports: CancelOrderPorts,
  creator: string,
  id: string,
): Promise<Cancellation> {
  for (let races = 0; races < MAX_RACES; races++) {
    const found = await ports.orders.getOrder(id);
    if (found?.value.creator !== creator) return { kind: "absent" };
    const outcome = await tryToCancel(ports, found);
    if (outcome !== "outdated") return outcome;
  }
  throw new RetryLater(1, "Others change the same order at the same time");
}

/**
 * Cancels whatever of a chain can still be cancelled: a reminder also when its main order is out. Safe to repeat.
 *
 * @returns "too-late" when nothing of it is cancelled, now or before
 */
export async function cancelChain(
  ports: CancelOrderPorts,
  creator: string,
  id: string,
): Promise<"cancelled" | "too-late" | "absent"> {
  const found = await readChain(ports, creator, id);
  if (!found) return "absent";
  const outcomes = await Promise.all(
    found.orders.map((order) => cancelOrder(ports, creator, order.id)),
  );
  return outcomes.some(({ kind }) => kind === "cancelled") ? "cancelled" : "too-late";
}
