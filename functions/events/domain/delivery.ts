/** The delivery of one event to one subscription: its attempts and how it ended. */

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

/** A delivery; `pending` until it was taken, refused by rights, or given up. */
export interface Delivery {
  readonly subscriptionId: number;
  /** Key of the event. */
  readonly key: string;
  readonly eventId: string;
  readonly subject: string;
  readonly state: "pending" | "delivered" | "unauthorized" | "dead-lettered";
  readonly attempts: readonly Attempt[];
  readonly updatedAt: string;
}
