/** A message as the broker sees it: everything but its content, which stays in the store. */

export type MessageState = "active" | "scheduled" | "deferred";

/** What a sender gives. */
export interface Draft {
  readonly messageId: string;
  /** Opaque to the broker. */
  readonly content: Uint8Array;
  /** As long as the queue allows when absent. */
  readonly timeToLiveInMs?: number;
  /** Milliseconds since the epoch; at once when absent or past. */
  readonly scheduledAt?: number;
}

export interface Lock {
  /** UUID. */
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

export interface DeadLetter {
  readonly reason?: string;
  readonly description?: string;
}

export interface Message {
  /** Unique in the queue and its dead-letter queue; from 1 in the order of acceptance. */
  readonly sequence: number;
  readonly messageId: string;
  readonly timeToLiveInMs: number | undefined;
  readonly scheduledAt: number | undefined;
  state: MessageState;
  /** When it last became active; when it was accepted while it is scheduled. */
  enqueuedAt: number;
  /** Deliveries that failed so far. */
  deliveryCount: number;
  /** Held by a receiver; not kept over a restart. */
  lock: Lock | undefined;
  /** Why it is in the dead-letter queue. */
  deadLetter: DeadLetter | undefined;
}

export interface WithContent {
  readonly message: Message;
  readonly content: Uint8Array;
}
