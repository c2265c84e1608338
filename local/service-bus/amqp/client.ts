/** One connection of a client: its claims, its links, and its requests to `$cbs` and to management nodes. */
import rhea from "rhea";
import type { Clock } from "../../clock.ts";
import { notSupported } from "../broker/failure.ts";
import type { Queue } from "../broker/queue.ts";
import { type Address, parseAddress } from "./addresses.ts";
import { statusOf, toAmqpError } from "./conditions.ts";
import { ConsumerLink, type ConsumerPorts } from "./consumer-link.ts";
import { exchange } from "./exchange.ts";
import { operationOf } from "./management.ts";
import { MAX_MESSAGE_SIZE, toDraft, unpackBatch } from "./messages.ts";
import {
  accepted,
  type AmqpMessage,
  type Delivery,
  encode,
  type IncomingLink,
  type MessageContext,
  type OutgoingLink,
  rejected,
} from "./rhea.ts";
import type { OutcomeName } from "./settlement.ts";
import { Claims } from "./shared-access.ts";

export interface ClientPorts extends ConsumerPorts {
  /** The clock the clients go by. */
  readonly clientClock: Clock;
}

const CBS = "$cbs";
const SESSION_FILTER = "com.microsoft:session-filter";

/** Message format of a batch envelope. */
const BATCH_FORMAT = 0x80013700;

type Receive = (context: MessageContext) => void;

export class Client {
  readonly #ports: ClientPorts;
  readonly #claims = new Claims();
  /** Links on which the client waits for replies, by all that it calls them. */
  readonly #replyLinks = new Map<string, OutgoingLink>();
  readonly #consumers = new Map<OutgoingLink, ConsumerLink>();
  readonly #receivers = new WeakMap<IncomingLink, Receive>();

  constructor(ports: ClientPorts) {
    this.#ports = ports;
  }

  /** The client wants to receive. */
  attachOutgoing(link: OutgoingLink): void {
    link.set_target(link.target ?? {});
    link.local.attach["snd_settle_mode"] = link.snd_settle_mode;
    link.local.attach["rcv_settle_mode"] = link.rcv_settle_mode;
    try {
      this.#openOutgoing(link);
      link.set_source(link.source ?? {});
    } catch (error) {
      // An attach is refused by one without a source, then a detach that says why.
      link.set_source({});
      link.close(toAmqpError(error));
    }
  }

  /** The client wants to send. */
  attachIncoming(link: IncomingLink): void {
    link.set_source(link.source ?? {});
    link.local.attach["max_message_size"] = MAX_MESSAGE_SIZE;
    try {
      this.#receivers.set(link, this.#openIncoming(link));
      link.set_target(link.target ?? {});
    } catch (error) {
      link.set_target({});
      link.close(toAmqpError(error));
    }
  }

  receive(context: MessageContext): void {
    this.#receivers.get(context.receiver)?.(context);
  }

  /** The client takes back the credit it gave. */
  drain(link: OutgoingLink): void {
    this.#consumers.get(link)?.drain();
    // Must follow at once: later, rhea would not tell the client.
    link.set_drained(true);
  }

  settle(link: OutgoingLink, delivery: Delivery, outcome: OutcomeName): void {
    this.#consumers.get(link)?.settle(delivery, outcome);
  }

  detach(link: OutgoingLink): void {
    this.#consumers.get(link)?.close();
    this.#consumers.delete(link);
    for (const [name, replyLink] of this.#replyLinks) {
      if (replyLink === link) this.#replyLinks.delete(name);
    }
  }

  close(): void {
    for (const link of [...this.#consumers.keys()]) this.detach(link);
    this.#replyLinks.clear();
  }

  /** @throws {BrokerFailure} not-supported; unauthorized; entity-not-found */
  #open(text: string | null | undefined): { address: Address; queue: Queue } {
    const address = parseAddress(text);
    this.#claims.require(address, this.#ports.clientClock.now());
    return { address, queue: this.#ports.broker.queue(address.path) };
  }

  #openOutgoing(link: OutgoingLink): void {
    const { address, filter } = link.source ?? {};
    if (address === CBS) {
      this.#awaitReplies(link);
      return;
    }
    const { address: parsed, queue } = this.#open(address);
    if (parsed.isManagement) this.#awaitReplies(link);
    else if (SESSION_FILTER in (filter ?? {})) throw notSupported("A session is");
    else this.#consumers.set(link, new ConsumerLink(link, queue, this.#ports));
  }

  #awaitReplies(link: OutgoingLink): void {
    for (const name of [link.name, link.target?.address]) {
      if (typeof name === "string") this.#replyLinks.set(name, link);
    }
  }

  #openIncoming(link: IncomingLink): Receive {
    if (link.target?.address === CBS) {
      return (context) => {
        this.#putToken(context);
      };
    }
    const { address, queue } = this.#open(link.target?.address);
    if (address.isManagement) {
      return (context) => {
        this.#manage(context, queue);
      };
    }
    if (!queue.deadLetters) throw notSupported("Sending to a dead-letter queue is");
    return (context) => {
      this.#send(context, queue);
    };
  }

  #send({ connection, message, format, delivery }: MessageContext, queue: Queue): void {
    exchange(this.#ports, {
      connection,
      point: "send",
      queue: queue.settings.name,
      run: () => {
        // All are checked before the first is added: a batch is accepted as a whole.
        const drafts = toParts(message, format).map(toDraft);
        for (const draft of drafts) queue.add(draft);
      },
      succeed: () => {
        delivery.update(true, accepted());
      },
      fail: (error) => {
        delivery.update(true, rejected(toAmqpError(error)));
      },
    });
  }

  #putToken({ message, delivery }: MessageContext): void {
    const request = asRequest(message, delivery);
    const { application_properties: properties, body } = request;
    let answer = { "status-code": rhea.types.wrap_int(202), "status-description": "Accepted" };
    try {
      this.#claims.put(body, properties?.["name"], this.#ports.clientClock.now());
    } catch (error) {
      const { description } = toAmqpError(error);
      const status = rhea.types.wrap_int(statusOf(error));
      answer = { "status-code": status, "status-description": description };
    }
    this.#reply(request, answer);
  }

  #manage({ connection, message, delivery }: MessageContext, queue: Queue): void {
    const request = asRequest(message, delivery);
    const { run, point } = operationOf(request.application_properties?.["operation"]);
    const body = (request.body ?? {}) as Readonly<Record<string, unknown>>;
    exchange(this.#ports, {
      connection,
      ...(point && { point }),
      queue: queue.settings.name,
      run: () => run({ queue, body, skewInMs: this.#ports.skewInMs() }),
      succeed: (answer) => {
        const statusCode = rhea.types.wrap_int(answer ? 200 : 204);
        this.#reply(request, { statusCode, statusDescription: "OK" }, answer);
      },
      fail: (error) => {
        const { condition, description } = toAmqpError(error);
        this.#reply(request, {
          statusCode: rhea.types.wrap_int(statusOf(error)),
          statusDescription: description,
          errorCondition: rhea.types.wrap_symbol(condition),
        });
      },
    });
  }

  #reply(request: AmqpMessage, properties: Record<string, unknown>, body?: unknown): void {
    const { reply_to, message_id } = request;
    const link = this.#replyLinks.get(reply_to ?? "");
    if (!link) return;
    const reply: AmqpMessage = { application_properties: properties, body };
    if (reply_to !== undefined) reply.to = reply_to;
    if (message_id !== undefined) reply.correlation_id = message_id;
    link.send(encode(reply), undefined, 0).settled = true;
  }
}

/** Accepts a request, which is answered by a reply. */
function asRequest(message: AmqpMessage | Buffer, delivery: Delivery): AmqpMessage {
  delivery.update(true, accepted());
  return Buffer.isBuffer(message) ? {} : message;
}

/** The encoded messages of a transfer. */
function toParts(message: AmqpMessage | Buffer, format: number | undefined): Buffer[] {
  if (!Buffer.isBuffer(message)) return [encode(message)];
  if (format === BATCH_FORMAT) return unpackBatch(message);
  throw notSupported(`The message format ${String(format)} is`);
}
