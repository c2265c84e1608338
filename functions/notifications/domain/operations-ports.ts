/** What whoever runs the service sees and takes up again: what was set aside, and messages that were given up. */
import type { ReferencedNotification, StrayReport } from "./provider-ports.ts";

/** One page of a list. */
export interface PageOf<Item> {
  readonly items: readonly Item[];
  /** Give it back for the next page; absent when there is none. */
  readonly continuation?: string;
}

/** An order, or (with `notificationId`) a notification, that was set aside, or of which nobody knows: `unconfirmed`. */
export interface ParkedItem extends Partial<Pick<ReferencedNotification, "notificationId">> {
  readonly orderId: string;
  readonly creator: string;
  /** How far it had come. */
  readonly state: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly parkedAt: number;
}

/** What is set aside, across all chains. */
export interface ParkedItems {
  list(limit: number, continuation?: string): Promise<PageOf<ParkedItem>>;
}

/** Stray reports, to be looked at. */
export interface StrayDesk {
  /** Newest first. */
  list(limit: number): Promise<readonly StrayReport[]>;
  /** It has found whom it belongs to. Safe to repeat. */
  remove(report: StrayReport): Promise<void>;
}

/** A message that was given up; what it says is not shown. */
export interface DeadLetter {
  readonly queue: string;
  /** By which one message of the queue is meant. */
  readonly sequenceNumber: string;
  /** Says what the message is about. */
  readonly id: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly enqueuedAt: number;
}

/** Messages that were given up. */
export interface DeadLetters {
  list(queue: string, limit: number): Promise<readonly DeadLetter[]>;
  /**
   * Puts messages back into their queue as new ones. Safe to repeat.
   *
   * @param sequenceNumber one message; all when absent
   * @returns how many were put back
   */
  redrive(queue: string, sequenceNumber?: string): Promise<number>;
}
