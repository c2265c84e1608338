/** One queue: what is ready, locked, scheduled and deferred, and how a message gets from one to the other. */
import { randomUUID } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { BrokerFailure } from "./failure.ts";
import type { DeadLetter, Draft, Message, WithContent } from "./message.ts";
import { PriorityQueue } from "./priority-queue.ts";
import type { QueueCounts, QueueSettings } from "./settings.ts";
import type { Store } from "./store.ts";

export interface QueuePorts {
  readonly store: Store;
  readonly clock: Clock;
}

/** Every write is in the store when a method returns, but durable only after its next commit. */
export class Queue {
  readonly settings: QueueSettings;
  /** Where messages go that cannot be delivered; a dead-letter queue has none. */
  readonly deadLetters: Queue | undefined;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #id: number;
  #lastSequence: number;
  readonly #messages = new Map<number, Message>();
  readonly #ready = new PriorityQueue<Message>();
  /** When something happens to a message by itself: it is due, its lock ends, or it expires. */
  readonly #deadlines = new PriorityQueue<Message>();
  readonly #locked = new Map<string, Message>();

  constructor(settings: QueueSettings, ports: QueuePorts, deadLetters?: Queue) {
    this.settings = settings;
    this.deadLetters = deadLetters;
    this.#store = ports.store;
    this.#clock = ports.clock;
    const { id, lastSequence } = this.#store.openQueue(settings.name);
    this.#id = id;
    this.#lastSequence = lastSequence;
    for (const message of this.#store.list(id)) this.#place(message);
  }

  get counts(): QueueCounts {
    const counts = { active: 0, locked: this.#locked.size, scheduled: 0, deferred: 0 };
    for (const { state } of this.#messages.values()) counts[state]++;
    return counts;
  }

  /** When something next happens by itself, in milliseconds since the epoch. */
  get nextDeadline(): number | undefined {
    return this.#deadlines.first()?.key;
  }

  /** Does what is due by now. Every other method does so first, so that a late timer changes nothing. */
  catchUp(): number {
    const now = this.#clock.now();
    let due = this.#deadlines.first();
    while (due && due.key <= now) {
      this.#fallDue(due.item, now);
      due = this.#deadlines.first();
    }
    return now;
  }

  /** @returns its sequence number; of a duplicate, which is dropped, that of the first */
  add(draft: Draft): number {
    const now = this.catchUp();
    const { messageId, scheduledAt, timeToLiveInMs } = draft;
    const sequence = this.#lastSequence + 1;
    const window = this.settings.duplicateWindowInMs;
    if (window > 0) {
      const first = this.#store.findDuplicate(this.#id, { messageId, sequence }, now, window);
      if (first !== undefined) return first;
    }
    const isLater = scheduledAt !== undefined && scheduledAt > now;
    const message: Message = {
      ...{ sequence, messageId, timeToLiveInMs, scheduledAt, enqueuedAt: now },
      state: isLater ? "scheduled" : "active",
      deliveryCount: 0,
      lock: undefined,
      deadLetter: undefined,
    };
    this.#store.insert(this.#id, message, draft.content);
    this.#lastSequence = sequence;
    this.#place(message);
    return sequence;
  }

  /** Removes scheduled messages: all or none. */
  cancel(sequences: readonly number[]): void {
    this.catchUp();
    const messages = this.#find(sequences, (message) => message.state === "scheduled");
    for (const message of messages) this.#remove(message);
  }

  /** Locks the first message that is ready. */
  lockNext(): Message | undefined {
    const now = this.catchUp();
    const message = this.#ready.first()?.item;
    if (message) this.#lock(message, now);
    return message;
  }

  /** Takes the first message that is ready out of the queue, for good. */
  removeNext(): WithContent | undefined {
    this.catchUp();
    const message = this.#ready.first()?.item;
    return message && this.#takeOut(message);
  }

  /** Locks deferred messages: all or none. */
  lockDeferred(sequences: readonly number[]): Message[] {
    const now = this.catchUp();
    const messages = this.#findDeferred(sequences);
    for (const message of messages) this.#lock(message, now);
    return messages;
  }

  /** Takes deferred messages out of the queue, for good: all or none. */
  removeDeferred(sequences: readonly number[]): WithContent[] {
    this.catchUp();
    return this.#findDeferred(sequences).map((message) => this.#takeOut(message));
  }

  content(message: Message): Uint8Array {
    return this.#store.content(this.#id, message.sequence);
  }

  /** Messages in any state, by ascending sequence number. */
  peek(from: number, limit: number): Message[] {
    this.catchUp();
    return this.#store
      .sequencesFrom(this.#id, from, limit)
      .flatMap((sequence) => this.#messages.get(sequence) ?? []);
  }

  /** @throws {BrokerFailure} lock-lost */
  lockedBy(token: string): Message {
    this.catchUp();
    const message = this.#locked.get(token);
    if (message) return message;
    throw new BrokerFailure(
      "lock-lost",
      "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.",
    );
  }

  /** @returns until when the lock now holds */
  renew(token: string): number {
    const message = this.lockedBy(token);
    const until = this.#clock.now() + this.settings.lockDurationInMs;
    message.lock = { token, until };
    this.#deadlines.set(message, until);
    return until;
  }

  complete(token: string): void {
    this.#remove(this.lockedBy(token));
  }

  /** Gives the message back as if it had not been delivered. */
  release(token: string): void {
    const message = this.lockedBy(token);
    this.#unlock(message);
    this.#place(message);
  }

  /** @param content what the message is from now on, if it changes */
  abandon(token: string, content?: Uint8Array): void {
    const message = this.lockedBy(token);
    this.#setContent(message, content);
    this.#failDelivery(message);
  }

  /** Puts the message aside; from now on it is received by its sequence number only. */
  defer(token: string, content?: Uint8Array): void {
    const message = this.lockedBy(token);
    this.#setContent(message, content);
    message.state = "deferred";
    this.#failDelivery(message);
  }

  deadLetter(token: string, why: DeadLetter, content?: Uint8Array): void {
    const message = this.lockedBy(token);
    if (!this.deadLetters) {
      throw new BrokerFailure("not-allowed", "The message is in a dead-letter queue already.");
    }
    this.#setContent(message, content);
    this.#moveToDeadLetters(message, why);
  }

  #find(sequences: readonly number[], isWanted: (message: Message) => boolean): Message[] {
    return sequences.map((sequence) => {
      const message = this.#messages.get(sequence);
      if (message && isWanted(message)) return message;
      throw new BrokerFailure("message-not-found", `There is no such message: ${sequence}.`);
    });
  }

  #findDeferred(sequences: readonly number[]): Message[] {
    return this.#find(sequences, ({ state, lock }) => state === "deferred" && !lock);
  }

  /** When the message expires; a dead letter does not, nor a deferred message. */
  #expiryOf(message: Message): number {
    if (!this.deadLetters) return Infinity;
    const own = message.timeToLiveInMs ?? Infinity;
    return message.enqueuedAt + Math.min(own, this.settings.timeToLiveInMs);
  }

  /** Puts a message that is not locked where its state belongs. */
  #place(message: Message): void {
    this.#messages.set(message.sequence, message);
    this.#ready.delete(message);
    this.#deadlines.delete(message);
    if (message.state === "scheduled" && message.scheduledAt !== undefined) {
      this.#deadlines.set(message, message.scheduledAt);
    }
    if (message.state !== "active") return;
    this.#ready.set(message, message.sequence);
    const expiry = this.#expiryOf(message);
    if (expiry !== Infinity) this.#deadlines.set(message, expiry);
  }

  /** Takes the message out of memory. */
  #forget(message: Message): void {
    this.#unlock(message);
    this.#ready.delete(message);
    this.#deadlines.delete(message);
    this.#messages.delete(message.sequence);
  }

  #remove(message: Message): void {
    this.#store.delete(this.#id, message.sequence);
    this.#forget(message);
  }

  #takeOut(message: Message): WithContent {
    const content = this.content(message);
    this.#remove(message);
    return { message, content };
  }

  #setContent(message: Message, content: Uint8Array | undefined): void {
    if (content) this.#store.setContent(this.#id, message.sequence, content);
  }

  #lock(message: Message, now: number): void {
    const until = now + this.settings.lockDurationInMs;
    message.lock = { token: randomUUID(), until };
    this.#locked.set(message.lock.token, message);
    this.#ready.delete(message);
    this.#deadlines.set(message, until);
  }

  #unlock(message: Message): void {
    if (message.lock) this.#locked.delete(message.lock.token);
    message.lock = undefined;
  }

  #fallDue(message: Message, now: number): void {
    if (message.lock) this.#failDelivery(message);
    else if (message.state === "scheduled") this.#activate(message, now);
    else this.#expire(message);
  }

  #activate(message: Message, now: number): void {
    message.state = "active";
    message.enqueuedAt = now;
    this.#store.update(this.#id, message);
    this.#place(message);
  }

  #expire(message: Message): void {
    if (!this.settings.isDeadLetteringExpired) this.#remove(message);
    else {
      this.#moveToDeadLetters(message, {
        reason: "TTLExpiredException",
        description: "The message expired and was dead lettered.",
      });
    }
  }

  #failDelivery(message: Message): void {
    this.#unlock(message);
    message.deliveryCount++;
    const { maxDeliveryCount } = this.settings;
    if (this.deadLetters && message.deliveryCount >= maxDeliveryCount) {
      this.#moveToDeadLetters(message, {
        reason: "MaxDeliveryCountExceeded",
        description: `Message could not be consumed after ${maxDeliveryCount} delivery attempts.`,
      });
      return;
    }
    this.#store.update(this.#id, message);
    this.#place(message);
  }

  #moveToDeadLetters(message: Message, why: DeadLetter): void {
    if (!this.deadLetters) return;
    this.#forget(message);
    message.state = "active";
    message.deadLetter = why;
    this.#store.update(this.#id, message, this.deadLetters.#id);
    this.deadLetters.#place(message);
  }
}
