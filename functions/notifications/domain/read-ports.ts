/** What is derived from orders and notifications, for reading: status feed, log by recipient, metrics. */
import type { DeliveryStatus } from "./delivery-status.ts";
import type { Channel, OrderState, OrderType } from "./order.ts";

/** One line of a creator's status feed: an order that came to its end. */
export interface StatusEntry {
  readonly shipmentId: string;
  readonly creator: string;
  readonly sendersReference?: string;
  readonly shipmentType: OrderType;
  readonly status: OrderState;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  readonly recipients: readonly {
    readonly channel: Channel;
    readonly destination: string;
    readonly status: DeliveryStatus;
    readonly updatedAt: number;
  }[];
}

/** An entry with its place in the feed. */
export type NumberedStatusEntry = StatusEntry & { readonly number: number };

/** Feeds of creators; numbered without gaps in commit order, one entry an order. */
export interface StatusFeed {
  /** Safe to repeat: an order has one entry, the first. */
  append(entries: readonly StatusEntry[]): Promise<void>;
  /** Ascending, after a number. */
  read(creator: string, after: number, limit: number): Promise<readonly NumberedStatusEntry[]>;
  /** Descending, before a number; from the end on with `Infinity`. */
  readBack(creator: string, before: number, limit: number): Promise<readonly NumberedStatusEntry[]>;
  lastNumber(creator: string): Promise<number>;
  /**
   * Forgets where some of an order's messages went. Safe to repeat; does nothing when the order has no entry.
   *
   * @param places of the notifications in their order
   */
  eraseDestinations(
    creator: string,
    shipmentId: string,
    places: ReadonlySet<number>,
  ): Promise<void>;
}
