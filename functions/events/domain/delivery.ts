/** The delivery of one event to one subscription: its attempts and how it ended. */
import type { StoredEvent } from "./stored-event.ts";

/** One attempt. */
export interface Attempt {
  readonly number: number;
  /** RFC 3339. */
  readonly at: string;
  readonly durationInMs: number;
  /** Absent when there was no answer. */
  readonly status?: number;
  /** Why there was no answer, or the beginning of the answer. */
  readonly excerpt?: string;
}

/** What the decision point said when the consumer's rights were last asked for this delivery. */
export interface RecordedDecision {
  readonly isPermitted: boolean;
  /** RFC 3339: when it was asked. */
  readonly at: string;
}

/**
 * Where a delivery is.
 *
 * `pending`: another attempt is scheduled · `delivered`: the end point took it · `held`: the subscription is parked, its
 * owner decides · `skipped`: its owner decided against it · `unauthorized`: the consumer may not know ·
 * `dead-lettered`: given up, its owner can have it tried again.
 */
export type DeliveryState =
  "pending" | "delivered" | "held" | "skipped" | "unauthorized" | "dead-lettered";

/** A delivery. */
export interface Delivery {
  readonly subscriptionId: number;
  /** Key of the event. */
  readonly key: string;
  readonly eventId: string;
  readonly subject: string;
  /** The event's place among those of its subject. */
  readonly sequence: number;
  /** When the event was stored. */
  readonly registeredAt: string;
  readonly state: DeliveryState;
  /** All attempts, oldest first. */
  readonly attempts: readonly Attempt[];
  /** Attempts before the present round; the schedule begins again with each round. */
  readonly earlierAttempts: number;
  /** The replay that began the present round; empty for the first round. */
  readonly round: string;
  readonly decision?: RecordedDecision;
  /** RFC 3339. */
  readonly updatedAt: string;
}

/** A delivery that nothing has happened to yet. */
export const newDelivery = (
  subscriptionId: number,
  { key, subject, sequence, registeredAt, event }: StoredEvent,
  at: string,
  round = "",
): Delivery => ({
  subscriptionId,
  key,
  eventId: event.id,
  subject,
  sequence,
  registeredAt,
  state: "pending",
  attempts: [],
  earlierAttempts: 0,
  round,
  updatedAt: at,
});

const final = new Set<DeliveryState>(["delivered", "skipped", "unauthorized"]);

/** Whether nothing more is to be done, whoever asks. */
export const isOver = ({ state }: Delivery): boolean => final.has(state);

/** The delivery as a round begins: the schedule starts anew, what was tried before stays on record. */
export const inRound = (delivery: Delivery, round: string): Delivery =>
  round === "" || round === delivery.round
    ? delivery
    : { ...delivery, round, state: "pending", earlierAttempts: delivery.attempts.length };

/** Which attempt of the present round comes next, 1 for the first: what the schedule goes by. */
export const nextInRound = ({ attempts, earlierAttempts }: Delivery): number =>
  attempts.length - earlierAttempts + 1;
