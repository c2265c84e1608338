/** Changes of orders and notifications that a follower could not digest. */
import type { Notification } from "./notification.ts";
import type { Order } from "./order.ts";

/** The followers of this context, as they name themselves when they set something aside. */
export const followers = ["follow-orders", "publish-status", "project-notifications"] as const;

/** One of them. */
export type Follower = (typeof followers)[number];

/** A change that was set aside, as the document is by now. */
export interface ParkedChange {
  readonly key: string;
  /** At most one of them; neither when it is not there any more. */
  readonly order?: Order;
  readonly notification?: Notification;
}

/** What followers set aside. */
export interface ParkedChanges {
  list(follower: Follower): Promise<readonly ParkedChange[]>;
  /** There is nothing left to do about it. Safe to repeat. */
  remove(follower: Follower, key: string): Promise<void>;
}
