/** What a queue is told, and what it tells of itself. */

export interface QueueSettings {
  readonly name: string;
  readonly lockDurationInMs: number;
  readonly maxDeliveryCount: number;
  /** `Infinity` when messages live for ever. */
  readonly timeToLiveInMs: number;
  readonly isDeadLetteringExpired: boolean;
  /** 0 when duplicates are not detected. */
  readonly duplicateWindowInMs: number;
  /** The queue whose dead letters these are. */
  readonly deadLetterSource?: string;
}

/** How many messages are in each state; locked ones are active too. */
export interface QueueCounts {
  readonly active: number;
  readonly locked: number;
  readonly scheduled: number;
  readonly deferred: number;
}
