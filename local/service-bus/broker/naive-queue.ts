/** What a queue is, said as simply as possible: one list, searched. The broker is compared with it. */
import type { MessageState } from "./message.ts";
import type { QueueSettings } from "./settings.ts";

export interface NaiveMessage {
  readonly sequence: number;
  readonly messageId: string;
  readonly timeToLiveInMs: number;
  scheduledAt: number;
  state: MessageState;
  enqueuedAt: number;
  deliveryCount: number;
  /** -Infinity while nobody holds it. */
  lockedUntil: number;
  /** Empty while it is no dead letter. */
  reason: string;
}

export interface NaiveDraft {
  readonly messageId: string;
  readonly timeToLiveInMs: number;
  readonly delayInMs: number;
}

const isLocked = (message: NaiveMessage): boolean => message.lockedUntil !== -Infinity;

export class NaiveQueue {
  now: number;
  readonly messages: NaiveMessage[] = [];
  readonly #settings: QueueSettings;
  readonly #seen = new Map<string, { readonly at: number; readonly sequence: number }>();
  #sequence = 0;

  constructor(settings: QueueSettings, now: number) {
    this.#settings = settings;
    this.now = now;
  }

  get alive(): NaiveMessage[] {
    return this.messages.filter(({ reason }) => reason === "");
  }

  add(draft: NaiveDraft): number {
    const seen = this.#seen.get(draft.messageId);
    const window = this.#settings.duplicateWindowInMs;
    if (window > 0 && seen && seen.at > this.now - window) return seen.sequence;
    const sequence = ++this.#sequence;
    this.#seen.set(draft.messageId, { at: this.now, sequence });
    this.messages.push({
      ...{ sequence, messageId: draft.messageId, enqueuedAt: this.now },
      timeToLiveInMs: Math.min(draft.timeToLiveInMs, this.#settings.timeToLiveInMs),
      scheduledAt: this.now + draft.delayInMs,
      state: draft.delayInMs > 0 ? "scheduled" : "active",
      ...{ deliveryCount: 0, lockedUntil: -Infinity, reason: "" },
    });
    return sequence;
  }

  receive(): NaiveMessage | undefined {
    const ready = this.alive.filter((message) => message.state === "active" && !isLocked(message));
    const message = ready.sort((a, b) => a.sequence - b.sequence)[0];
    if (message) this.lock(message);
    return message;
  }

  lock(message: NaiveMessage): void {
    message.lockedUntil = this.now + this.#settings.lockDurationInMs;
  }

  remove(message: NaiveMessage): void {
    this.messages.splice(this.messages.indexOf(message), 1);
  }

  release(message: NaiveMessage): void {
    message.lockedUntil = -Infinity;
    this.settle();
  }

  fail(message: NaiveMessage): void {
    message.lockedUntil = -Infinity;
    message.deliveryCount++;
    if (message.deliveryCount >= this.#settings.maxDeliveryCount) {
      this.bury(message, "MaxDeliveryCountExceeded");
    }
  }

  bury(message: NaiveMessage, reason: string): void {
    Object.assign(message, { reason, state: "active", lockedUntil: -Infinity });
  }

  restart(): void {
    for (const message of this.messages) message.lockedUntil = -Infinity;
    this.settle();
  }

  advance(byInMs: number): void {
    for (let step = 0; step < byInMs; step++) {
      this.now++;
      this.settle();
    }
  }

  /** Lets happen what is due, until nothing is. */
  settle(): void {
    for (const message of [...this.alive]) while (this.#happens(message));
  }

  #happens(message: NaiveMessage): boolean {
    if (isLocked(message)) {
      if (message.lockedUntil > this.now) return false;
      this.fail(message);
      return message.reason === "";
    }
    if (message.state === "scheduled") {
      if (message.scheduledAt > this.now) return false;
      Object.assign(message, { state: "active", enqueuedAt: this.now });
      return true;
    }
    const isExpired = message.enqueuedAt + message.timeToLiveInMs <= this.now;
    if (message.state !== "active" || !isExpired) return false;
    if (this.#settings.isDeadLetteringExpired) this.bury(message, "TTLExpiredException");
    else this.remove(message);
    return false;
  }
}
