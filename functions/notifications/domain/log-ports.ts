/** The log of notifications by recipient and by dialog. */
import type { LoggedNotification, LogKey } from "./notification-log.ts";

/** An order in which somebody is named. */
export interface NamedIn {
  readonly orderId: string;
  /** Until when the order is of use, in milliseconds since the epoch. */
  readonly dueAt: number;
}

/** A span of time, the end left out; milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What was sent to whom. */
export interface NotificationLog {
  /** Safe to repeat, in any order: an entry never says less than it did. */
  put(entry: LoggedNotification): Promise<void>;
  /** Notes that a person is named in an order. Safe to repeat. */
  name(key: LogKey, order: NamedIn): Promise<void>;
  /** What was to be sent in a span of time; newest first. */
  list(key: LogKey, span: Span): Promise<readonly LoggedNotification[]>;
  /** Orders in which somebody is named. */
  listOrders(key: LogKey): Promise<readonly string[]>;
  /** Takes everything about somebody out of the log, also where it is kept by dialog. */
  erase(key: LogKey): Promise<void>;
}
