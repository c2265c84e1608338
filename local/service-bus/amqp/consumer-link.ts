/** A link on which a client receives: as many messages as it gave credit for, and what it says of them. */
import type { Consumer } from "../broker/broker.ts";
import type { Message } from "../broker/message.ts";
import type { Queue } from "../broker/queue.ts";
import { toAmqpError } from "./conditions.ts";
import { exchange, type ExchangePorts } from "./exchange.ts";
import { toDeliveryTag } from "./lock-tokens.ts";
import { toWire } from "./messages.ts";
import { accepted, type Delivery, type OutgoingLink, rejected } from "./rhea.ts";
import { type OutcomeName, settlements } from "./settlement.ts";

export interface ConsumerPorts extends ExchangePorts {
  /** How far the clients' clock is ahead of the broker's. */
  readonly skewInMs: () => number;
}

/** Sender settle mode "settled": the client receives and deletes. */
const SETTLED = 1;

/** For receive-and-delete: a tag must be there, and says nothing. */
const NO_LOCK = "00000000-0000-0000-0000-000000000000";

export class ConsumerLink implements Consumer {
  readonly mode: Consumer["mode"];
  readonly #link: OutgoingLink;
  readonly #queue: Queue;
  readonly #ports: ConsumerPorts;
  readonly #tokens = new WeakMap<Delivery, string>();
  /** Deliveries handed to rhea so far; its own count rises only when it writes the frames. */
  #sentCount = 0;
  readonly #stop: () => void;

  constructor(link: OutgoingLink, queue: Queue, ports: ConsumerPorts) {
    this.mode = link.snd_settle_mode === SETTLED ? "receive-and-delete" : "peek-lock";
    this.#link = link;
    this.#queue = queue;
    this.#ports = ports;
    this.#stop = ports.broker.consume(queue, this);
  }

  /** How many deliveries the client has allowed since the link began. */
  get #allowedCount(): number {
    return this.#link.delivery_count + this.#link.credit;
  }

  wantsMore(): boolean {
    return this.#sentCount < this.#allowedCount && this.#link.sendable();
  }

  deliver(message: Message, content: Uint8Array): void {
    this.#sentCount++;
    const { lock } = message;
    const lockedUntil = lock && lock.until + this.#ports.skewInMs();
    const { deadLetterSource } = this.#queue.settings;
    const bytes = toWire({ message, content, deadLetterSource, lockedUntil });
    const delivery = this.#link.send(bytes, toDeliveryTag(lock?.token ?? NO_LOCK), 0);
    if (lock) this.#tokens.set(delivery, lock.token);
  }

  /** Uses what credit it can at once; the rest is gone. */
  drain(): void {
    this.#ports.broker.runTurn();
    this.#sentCount = this.#allowedCount;
  }

  settle(delivery: Delivery, outcome: OutcomeName): void {
    const token = this.#tokens.get(delivery);
    if (token === undefined) {
      free(delivery);
      return;
    }
    this.#tokens.delete(delivery);
    exchange(this.#ports, {
      connection: this.#link.connection,
      point: "settle",
      queue: this.#queue.settings.name,
      run: () => {
        settlements[outcome](this.#queue, token, delivery.remote_state ?? {});
      },
      succeed: () => {
        free(delivery, accepted());
      },
      fail: (error) => {
        free(delivery, rejected(toAmqpError(error)));
      },
    });
  }

  /** The messages it holds stay locked until their locks end, as in Azure. */
  close(): void {
    this.#stop();
  }
}

/** Ends a delivery. rhea counts it against the session's 2,048 until both sides have settled it. */
function free(delivery: Delivery, state?: unknown): void {
  delivery.update(true, state);
  delivery.remote_settled = true;
}
