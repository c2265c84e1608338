/** What a creator orders, checked and in normal form: an order before it has an id and a state. */
import type { ChainType, Order } from "./order.ts";

/** One order of a chain. An empty sender of a text stands for the default one. */
export type OrderWish = Omit<
  Order,
  | "id"
  | "creator"
  | "createdAt"
  | "traceparent"
  | "state"
  | "stateAt"
  | "tally"
  | "conditionOutcome"
  | "delayed"
  | "handOver"
  | "parked"
>;

/** A main order and its reminders. */
export interface ChainWish {
  readonly creator: string;
  readonly type: ChainType;
  /** Absent for legacy orders: each request is a new one. */
  readonly idempotencyId?: string;
  /** Of what was asked for, in whatever spelling. */
  readonly payloadHash: string;
  readonly traceparent: string;
  /** The main order first. */
  readonly orders: readonly OrderWish[];
}
