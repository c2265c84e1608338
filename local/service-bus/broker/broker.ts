/** All queues, their consumers, and the turn in which requests share one commit before they are answered. */
import type { Clock } from "../../clock.ts";
import { BrokerFailure } from "./failure.ts";
import type { Message } from "./message.ts";
import { Queue } from "./queue.ts";
import type { QueueSettings } from "./settings.ts";
import type { Store } from "./store.ts";

/** Whoever receives from a queue. */
export interface Consumer {
  readonly mode: "peek-lock" | "receive-and-delete";
  wantsMore(): boolean;
  deliver(message: Message, content: Uint8Array): void;
}

export interface BrokerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly queues: readonly QueueSettings[];
}

/** Called after the commit, or with the reason why there was none. */
export type Answer = (failure?: BrokerFailure) => void;

const DEAD_LETTER_SUFFIX = "/$deadletterqueue";

function createQueue(settings: QueueSettings, ports: { store: Store; clock: Clock }): Queue {
  const deadLetters: QueueSettings = {
    ...settings,
    name: `${settings.name}/$DeadLetterQueue`,
    deadLetterSource: settings.name,
    maxDeliveryCount: Infinity,
    timeToLiveInMs: Infinity,
    duplicateWindowInMs: 0,
  };
  return new Queue(settings, ports, new Queue(deadLetters, ports));
}

export class Broker {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #queues = new Map<string, Queue>();
  readonly #consumers = new Map<Queue, Set<Consumer>>();
  readonly #answers: Answer[] = [];
  #turn: NodeJS.Immediate | undefined;
  #alarm: { readonly at: number; readonly cancel: () => void } | undefined;
  #failure: BrokerFailure | undefined;

  /** @throws an error of the store: the file is unusable, or in use */
  constructor({ store, clock, queues }: BrokerOptions) {
    this.#store = store;
    this.#clock = clock;
    for (const settings of queues) {
      const queue = createQueue(settings, { store, clock });
      const name = settings.name.toLowerCase();
      this.#queues.set(name, queue);
      if (queue.deadLetters) this.#queues.set(name + DEAD_LETTER_SUFFIX, queue.deadLetters);
    }
    this.runTurn();
  }

  get queues(): Iterable<Queue> {
    return this.#queues.values();
  }

  /**
   * @param path `jobs` or `jobs/$DeadLetterQueue`, in any case
   * @throws {BrokerFailure} entity-not-found; internal-error
   */
  queue(path: string): Queue {
    if (this.#failure) throw this.#failure;
    const queue = this.#queues.get(path.toLowerCase());
    if (queue) return queue;
    throw new BrokerFailure(
      "entity-not-found",
      `The messaging entity '${path}' could not be found.`,
    );
  }

  /** @returns ends it */
  consume(queue: Queue, consumer: Consumer): () => void {
    const consumers = this.#consumers.get(queue) ?? new Set();
    this.#consumers.set(queue, consumers.add(consumer));
    return () => {
      consumers.delete(consumer);
    };
  }

  /** Runs the answer once everything done so far is durable. */
  afterCommit(answer: Answer): void {
    this.#answers.push(answer);
    this.wake();
  }

  /** Something changed: a message came, or a consumer wants more. */
  wake(): void {
    this.#turn ??= setImmediate(() => {
      this.runTurn();
    });
  }

  /** Commits, answers, delivers, and sets the alarm. Only what is committed is delivered. */
  runTurn(): void {
    clearImmediate(this.#turn);
    this.#turn = undefined;
    this.#write(() => {
      for (const queue of this.queues) queue.catchUp();
    });
    for (const answer of this.#answers.splice(0)) answer(this.#failure);
    if (this.#failure) return;
    // What receive-and-delete removes is committed before its frames leave: they are written after this turn.
    this.#write(() => {
      for (const [queue, consumers] of this.#consumers) deliverAll(queue, consumers);
    });
    this.#setAlarm();
  }

  /** Commits and answers what is pending, then closes the store. */
  stop(): void {
    this.runTurn();
    this.#failure ??= new BrokerFailure("internal-error", "The local emulator has stopped");
    this.#alarm?.cancel();
    this.#store.close();
  }

  #write(change: () => void): void {
    if (this.#failure) return;
    try {
      change();
      this.#store.commit();
    } catch (cause) {
      // Memory is ahead of the store from here on: nothing more may be promised.
      const message = "The store of the local emulator failed";
      this.#failure = new BrokerFailure("internal-error", message, { cause });
    }
  }

  #setAlarm(): void {
    let at = Infinity;
    for (const queue of this.queues) at = Math.min(at, queue.nextDeadline ?? Infinity);
    if (at === this.#alarm?.at) return;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    if (at === Infinity) return;
    const cancel = this.#clock.schedule(at - this.#clock.now(), () => {
      this.#alarm = undefined;
      this.runTurn();
    });
    this.#alarm = { at, cancel };
  }
}

/** One to each consumer in turn, so that none starves. */
function deliverAll(queue: Queue, consumers: Set<Consumer>): void {
  let isDelivering = true;
  while (isDelivering) {
    isDelivering = false;
    for (const consumer of consumers) {
      if (consumer.wantsMore() && deliverOne(queue, consumer)) isDelivering = true;
    }
  }
}

function deliverOne(queue: Queue, consumer: Consumer): boolean {
  if (consumer.mode === "receive-and-delete") {
    const removed = queue.removeNext();
    if (removed) consumer.deliver(removed.message, removed.content);
    return removed !== undefined;
  }
  const message = queue.lockNext();
  if (message) consumer.deliver(message, queue.content(message));
  return message !== undefined;
}
