/** Notifications, step 1: place. An order is stored and nothing is sent; the change feed hands on what is due. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Clock, NewId } from "../../kernel/ports.ts";
import { chainIdFor } from "../domain/chain-id.ts";
import { lookupsFor } from "../domain/contacts.ts";
import { type Chain, emptyTally, type Order } from "../domain/order.ts";
import type { ChainWish, OrderWish } from "../domain/order-wish.ts";
import { planChainAtOnce } from "../domain/plan-at-once.ts";
import type { PlanningRules } from "../domain/plan-notifications.ts";
import type { NewChain, OrderStore } from "../domain/ports.ts";
import { chainIdOf, MAIN_PLACE, shipmentIdOf } from "../domain/shipment-id.ts";
import { checkContacts, type CheckContactsPorts, type ContactCheck } from "./check-contacts.ts";

/** What this step needs. */
export interface PlaceOrderPorts extends CheckContactsPorts {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly orders: OrderStore;
  readonly planning: PlanningRules;
  /** For texts that name no sender. */
  readonly defaultSenders: { readonly email: string; readonly sms: string };
}

/** What became of a request. */
export type Placement =
  | {
      readonly kind: "placed";
      readonly chain: Chain;
      readonly checks: readonly ContactCheck[];
    }
  /** The same request came before; the chain is the one that was stored then. */
  | { readonly kind: "repeated"; readonly chain: Chain }
  /** Another request came before with the same idempotency id. */
  | { readonly kind: "conflict" }
  | { readonly kind: "missing-contact" }
  /** The contact register does not answer. */
  | { readonly kind: "register-unavailable"; readonly delayInSeconds: number };

const withSenders = (
  { email, sms, ...rest }: OrderWish,
  defaults: PlaceOrderPorts["defaultSenders"],
): OrderWish => ({
  ...rest,
  ...(email && { email: { ...email, senderAddress: email.senderAddress || defaults.email } }),
  ...(sms && { sms: { ...sms, sender: sms.sender || defaults.sms } }),
});

/** The chain and its orders as they are stored. */
export function chainOf(
  { clock, newId, defaultSenders }: Pick<PlaceOrderPorts, "clock" | "newId" | "defaultSenders">,
  wish: ChainWish,
): { readonly chain: Chain; readonly orders: readonly Order[] } {
  const { creator, type, idempotencyId, payloadHash, traceparent } = wish;
  const createdAt = clock.now();
  const id =
    idempotencyId === undefined ? chainIdOf(newId()) : chainIdFor(creator, type, idempotencyId);
  const orders = wish.orders.map((order, place): Order => ({
    ...withSenders(order, defaultSenders),
    id: shipmentIdOf(id, MAIN_PLACE + place),
    creator,
    createdAt,
    traceparent,
    state: "Registered",
    stateAt: createdAt,
    tally: emptyTally,
  }));
  const shipments = orders.map(({ id: shipmentId, sendersReference }) => ({
    id: shipmentId,
    ...(sendersReference !== undefined && { sendersReference }),
  }));
  return {
    orders,
    chain: {
      id,
      creator,
      type,
      ...(idempotencyId !== undefined && { idempotencyId }),
      payloadHash,
      createdAt,
      shipments,
    },
  };
}

const needsLookup = (wish: OrderWish): boolean =>
  Object.values(lookupsFor(wish)).some((ids: readonly string[]) => ids.length > 0);

/** What an earlier request with the same idempotency id came to, so that its repeat asks no register. */
export async function findEarlier(
  orders: OrderStore,
  { creator, type, idempotencyId, payloadHash }: ChainWish,
): Promise<Extract<Placement, { kind: "repeated" | "conflict" }> | undefined> {
  if (idempotencyId === undefined) return undefined;
  const chain = await orders.findChain(creator, type, idempotencyId);
  if (!chain) return undefined;
  return chain.payloadHash === payloadHash ? { kind: "repeated", chain } : { kind: "conflict" };
}

type Checked =
  | { readonly kind: "checked"; readonly checks: readonly ContactCheck[] }
  | Extract<Placement, { kind: "register-unavailable" }>;

async function checked(ports: PlaceOrderPorts, wish: ChainWish): Promise<Checked> {
  try {
    return { kind: "checked", checks: await checkContacts(ports, wish.orders) };
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    return { kind: "register-unavailable", delayInSeconds: error.delayInSeconds };
  }
}

/** What is stored: orders, and the notifications of those that need no processing. */
function toStored(
  { clock, planning }: PlaceOrderPorts,
  chain: Chain,
  orders: readonly Order[],
): NewChain {
  const planned = planChainAtOnce(orders, clock.now(), planning);
  return {
    chain,
    orders: planned.map(({ order }) => order),
    notifications: planned.flatMap(({ notifications }) => notifications),
  };
}

/**
 * Stores an order with its reminders. Safe to repeat with an idempotency id, also at the same time: the first one
 * counts, all get the same ids.
 *
 * @param whenMissing whether a recipient without any address stops it; legacy orders are placed all the same
 */
export async function placeOrder(
  ports: PlaceOrderPorts,
  wish: ChainWish,
  whenMissing: "refuse" | "accept" = "refuse",
): Promise<Placement> {
  let checks: readonly ContactCheck[] = [];
  if (wish.orders.some(needsLookup)) {
    const earlier = await findEarlier(ports.orders, wish);
    if (earlier) return earlier;
    const outcome = await checked(ports, wish);
    if (outcome.kind !== "checked") return outcome;
    ({ checks } = outcome);
    const isMissing = checks.some(({ missing }) => missing.length > 0);
    if (isMissing && whenMissing === "refuse") return { kind: "missing-contact" };
  }
  const { chain, orders } = chainOf(ports, wish);
  const registration = await ports.orders.register(toStored(ports, chain, orders));
  switch (registration.kind) {
    case "registered":
      return { kind: "placed", chain, checks };
    case "repeated":
      return { kind: "repeated", chain: registration.known };
    case "conflict":
      return registration;
  }
}
