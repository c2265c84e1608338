/** What an order would come to if it were placed now: by the same steps, but nothing is stored, asked for or sent. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Notification } from "../domain/notification.ts";
import type { Order } from "../domain/order.ts";
import type { ChainWish } from "../domain/order-wish.ts";
import { fitSegments, segmentsOf } from "../domain/sms-segments.ts";
import { checkContacts, type CheckContactsPorts } from "./check-contacts.ts";
import { chainOf, type PlaceOrderPorts } from "./place-order.ts";
import { resolveRecipients, type ResolveRecipientsPorts } from "./resolve-recipients.ts";

/** What messages cost, for an estimate. */
export interface Prices {
  /** ISO 4217. */
  readonly currency: string;
  readonly email: number;
  /** For each part of an SMS. */
  readonly smsSegment: number;
}

/** What a dry run needs. */
export interface DryRunPorts
  extends
    CheckContactsPorts,
    ResolveRecipientsPorts,
    Pick<PlaceOrderPorts, "newId" | "defaultSenders"> {
  readonly prices: Prices;
}

/** A notification that there would be. */
export interface DryNotification {
  readonly notification: Notification;
  /** Parts of an SMS; an e-mail has none. */
  readonly segmentCount: number;
  /** 0 for what would not be sent. */
  readonly cost: number;
}

/** One order of the chain, and what it would come to. */
export interface DryOrder {
  readonly order: Order;
  readonly notifications: readonly DryNotification[];
}

/** What a dry run came to. */
export type DryRun =
  | {
      readonly kind: "resolved";
      /** A recipient of one of the orders has no address that could be used: they would be refused. */
      readonly isContactMissing: boolean;
      /** The main order first. */
      readonly orders: readonly DryOrder[];
    }
  /** A register does not answer. */
  | { readonly kind: "register-unavailable"; readonly delayInSeconds: number };

function toDry(notification: Notification, order: Order, prices: Prices): DryNotification {
  if (notification.status !== "New") return { notification, segmentCount: 0, cost: 0 };
  if (notification.channel === "email") {
    return { notification, segmentCount: 0, cost: prices.email };
  }
  const text = fitSegments(notification.body ?? order.sms?.body ?? "");
  const segmentCount = segmentsOf(text).count;
  return { notification, segmentCount, cost: segmentCount * prices.smsSegment };
}

async function dryRun(ports: DryRunPorts, wish: ChainWish): Promise<DryRun> {
  const { orders } = chainOf(ports, wish);
  const [checks, resolutions] = await Promise.all([
    checkContacts(ports, wish.orders),
    Promise.all(orders.map((order) => resolveRecipients(ports, order))),
  ]);
  return {
    kind: "resolved",
    isContactMissing: checks.some(({ missing }) => missing.length > 0),
    orders: orders.map((order, place) => ({
      order,
      notifications: (resolutions[place]?.notifications ?? []).map((it) =>
        toDry(it, order, ports.prices),
      ),
    })),
  };
}

/** Resolves an order and its reminders as they would be now. Changes nothing; conditions are not asked. */
export async function dryRunOrder(ports: DryRunPorts, wish: ChainWish): Promise<DryRun> {
  try {
    return await dryRun(ports, wish);
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    return { kind: "register-unavailable", delayInSeconds: error.delayInSeconds };
  }
}
