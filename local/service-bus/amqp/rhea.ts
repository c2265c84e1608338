/** The part of rhea that the emulator uses. Its own typings call most of it `any`, or leave it out. */
import rhea from "rhea";
import { BrokerFailure } from "../broker/failure.ts";

/** A message as rhea decodes it: the fields of its sections side by side. */
export interface AmqpMessage {
  message_id?: string | number | Buffer;
  correlation_id?: string | number | Buffer;
  reply_to?: string;
  to?: string;
  subject?: string;
  content_type?: string;
  ttl?: number;
  delivery_count?: number;
  message_annotations?: Record<string, unknown>;
  application_properties?: Record<string, unknown>;
  body?: unknown;
}

export interface AmqpError {
  readonly condition: string;
  readonly description: string;
  readonly info?: Readonly<Record<string, unknown>>;
}

/** What a client says of a delivery. */
export interface RemoteState {
  readonly error?: Partial<AmqpError>;
  readonly undeliverable_here?: boolean;
  readonly message_annotations?: Readonly<Record<string, unknown>>;
}

export interface Delivery {
  settled: boolean;
  remote_settled: boolean;
  readonly remote_state?: RemoteState;
  update(isSettled: boolean, state?: unknown): void;
}

export interface Socket {
  destroy(): void;
}

export interface Connection {
  readonly socket: Socket;
  /** Cuts the connection without a word to the client. */
  abort_socket(socket: Socket): void;
}

interface Terminus {
  readonly address?: string | null;
  readonly filter?: Readonly<Record<string, unknown>> | null;
}

interface Link {
  readonly name: string;
  readonly connection: Connection;
  readonly source?: Terminus | null;
  readonly target?: Terminus | null;
  readonly snd_settle_mode?: number;
  readonly rcv_settle_mode?: number;
  readonly local: { readonly attach: Record<string, unknown> };
  set_source(fields: object): void;
  set_target(fields: object): void;
  close(error?: AmqpError): void;
}

/** A link on which the client receives. */
export interface OutgoingLink extends Link {
  readonly credit: number;
  readonly delivery_count: number;
  /** There is credit, and room for one more unsettled delivery in the session. */
  sendable(): boolean;
  send(content: object, tag?: Buffer, format?: number): Delivery;
  set_drained(isDrained: boolean): void;
}

/** A link on which the client sends. */
export type IncomingLink = Link;

export interface Context {
  readonly connection: Connection;
}

export interface SessionContext extends Context {
  readonly session: { each_sender(action: (link: OutgoingLink) => void): void };
}

export interface OutgoingContext extends Context {
  readonly sender: OutgoingLink;
}

export interface IncomingContext extends Context {
  readonly receiver: IncomingLink;
}

export interface DeliveryContext extends OutgoingContext {
  readonly delivery: Delivery;
}

export interface MessageContext extends IncomingContext {
  readonly delivery: Delivery;
  /** Decoded when the format is absent (0), otherwise its bytes. */
  readonly message: AmqpMessage | Buffer;
  readonly format?: number;
}

/** Events of a container, and what comes with them. */
export interface Events {
  sender_open: OutgoingContext;
  sender_close: OutgoingContext;
  sender_flow: OutgoingContext;
  sender_draining: OutgoingContext;
  sendable: OutgoingContext;
  receiver_open: IncomingContext;
  message: MessageContext;
  accepted: DeliveryContext;
  released: DeliveryContext;
  modified: DeliveryContext;
  rejected: DeliveryContext;
  settled: { readonly delivery: Delivery };
  connection_open: Context;
  connection_close: Context;
  session_close: SessionContext;
  disconnected: Context;
}

export const encode = (message: AmqpMessage): Buffer => rhea.message.encode(message);

/** @throws {BrokerFailure} invalid-message */
export function decode(bytes: Uint8Array): AmqpMessage {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return rhea.message.decode(buffer) as unknown as AmqpMessage;
  } catch (cause) {
    throw new BrokerFailure("invalid-message", "The message is not valid AMQP 1.0.", { cause });
  }
}

interface Outcomes {
  accepted(): { described(): unknown };
  rejected(fields: { error: AmqpError }): { described(): unknown };
}

const outcomes = rhea.message as unknown as Outcomes;

export const accepted = (): unknown => outcomes.accepted().described();
export const rejected = (error: AmqpError): unknown => outcomes.rejected({ error }).described();
