/** What the steps of this context need of the outside: the store of orders, and the hand-over from step to step. */
import type { Notification } from "./notification.ts";
import type { Chain, ChainType, Order } from "./order.ts";

/** Something as it was when read; give the version back to change exactly that. */
export interface Versioned<Value> {
  readonly value: Value;
  readonly version: string;
}

/** A chain with all its orders, to be stored at once or not at all. */
export interface NewChain {
  readonly chain: Chain;
  /** By place. */
  readonly orders: readonly Order[];
  /** Of orders whose notifications follow from the request alone. */
  readonly notifications?: readonly Notification[];
}

/** What became of a registration; `known` is what the first one stored. */
export type RegistrationOutcome =
  | { readonly kind: "registered" }
  | { readonly kind: "repeated"; readonly known: Chain }
  | { readonly kind: "conflict" };

/** Whether a change of a given version was made, or somebody else was faster. */
export type Change = "changed" | "outdated";

/** A notification and the order that it belongs to. */
export interface NotificationOfOrder {
  readonly notification: Versioned<Notification>;
  readonly order: Versioned<Order>;
}

/** Some notifications of one order, in any order, and the order if it is there. */
export interface NotificationsOfOrder {
  readonly notifications: readonly Versioned<Notification>[];
  readonly order?: Versioned<Order>;
}

/** Something that was due to move on and did not. */
export interface Overdue {
  readonly kind: "order" | "notification";
  readonly orderId: string;
  /** Of the notification. */
  readonly notificationId?: string;
}

/** Orders, chains and notifications; everything of a chain lies in one partition and changes together. */
export interface OrderStore {
  /** All or nothing. Safe to repeat: the chain's id follows from creator, type and idempotency id. */
  register(chain: NewChain): Promise<RegistrationOutcome>;
  /** The chain that a request with this idempotency id made. */
  findChain(creator: string, type: ChainType, idempotencyId: string): Promise<Chain | undefined>;
  /** By the id of the chain or of any of its orders. */
  getChain(id: string): Promise<Chain | undefined>;
  getOrder(id: string): Promise<Versioned<Order> | undefined>;
  /** @returns the order with its new version */
  replaceOrder(order: Versioned<Order>): Promise<Versioned<Order> | "outdated">;
  /** By place. */
  listOrdersOfChain(id: string): Promise<readonly Order[]>;
  /**
   * Adds notifications and then, with the last of them, changes the order. Safe to repeat: those that are there stay as
   * they are.
   */
  addNotifications(
    order: Versioned<Order>,
    notifications: readonly Notification[],
  ): Promise<Change>;
  getNotification(orderId: string, id: string): Promise<Versioned<Notification> | undefined>;
  /** Both by one request; what is not there is absent. */
  getNotificationWithOrder(orderId: string, id: string): Promise<Partial<NotificationOfOrder>>;
  /** All by one request; what is not there is absent. At most a hundred together with the order. */
  getNotificationsWithOrder(orderId: string, ids: readonly string[]): Promise<NotificationsOfOrder>;
  /** In the order in which they were generated. */
  listNotifications(orderId: string): Promise<readonly Notification[]>;
  /** @returns the notification with its new version */
  replaceNotification(
    notification: Versioned<Notification>,
  ): Promise<Versioned<Notification> | "outdated">;
  /**
   * Changes notifications of one order, and the order if it is given, all or nothing.
   *
   * @returns all of them with their new versions
   */
  settle(
    notifications: readonly Versioned<Notification>[],
    order?: Versioned<Order>,
  ): Promise<NotificationsOfOrder | "outdated">;
  /** What should have moved on by `now`, across all chains; at most `limit`. */
  listOverdue(now: number, limit: number): Promise<readonly Overdue[]>;
  /** Orders of a creator with that reference, page by page. */
  listByReference(
    creator: string,
    sendersReference: string,
    page: { readonly limit: number; readonly continuation?: string },
  ): Promise<{ readonly orders: readonly Order[]; readonly continuation?: string }>;
}

/** Work that is handed on by message. Safe to repeat: message ids are derived. */
export interface NotificationQueues {
  /** @param round tells a later hand-over of the same order (redrive, overdue) from the first */
  orderIsDue(order: Order, round?: string): Promise<void>;
  /** New orders, all at once. */
  ordersAreDue(orders: readonly Order[]): Promise<void>;
  /** @param round tells a later hand-over of the same notification from the first */
  notificationsAreDue(
    notifications: readonly Notification[],
    traceparent: string | ((notification: Notification) => string),
    round?: string,
  ): Promise<void>;
  /** Ask the provider about an e-mail at some time. */
  checkEmail(notification: Notification, attempt: number, dueAt: number): Promise<void>;
  /** Tell a creator of the final state of an order. */
  tellCreator(order: Order): Promise<void>;
}
