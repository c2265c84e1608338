/**
 * Messages between the wire and the broker.
 *
 * The broker keeps what the sender wrote as it is: the bytes from the properties on, after the sender's own annotations if
 * there are any. Header and annotations are the broker's to write.
 */
import { randomUUID } from "node:crypto";
import rhea from "rhea";
import { BrokerFailure } from "../broker/failure.ts";
import type { Draft, Message } from "../broker/message.ts";
import { type AmqpMessage, decode, encode } from "./rhea.ts";
import { frontSections, sectionCodes } from "./sections.ts";

/** Of the Standard tier; what the attach says, and what a batch is filled up to. */
export const MAX_MESSAGE_SIZE = 262_144;

const SCHEDULED_AT = "x-opt-scheduled-enqueue-time";

const stateCodes = { active: 0, deferred: 1, scheduled: 2 } as const;

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The annotations section alone; nothing for no annotations. */
function encodeAnnotations(annotations: Record<string, unknown>): Buffer {
  if (Object.keys(annotations).length === 0) return Buffer.alloc(0);
  const bytes = encode({ message_annotations: annotations });
  const section = frontSections(bytes).find(({ code }) => code === sectionCodes.messageAnnotations);
  return bytes.subarray(section?.start, section?.end);
}

function timeOf(value: unknown): number | undefined {
  const time = value instanceof Date ? value.getTime() : value;
  return typeof time === "number" && Number.isFinite(time) ? time : undefined;
}

const idOf = (id: string | number | Buffer): string =>
  Buffer.isBuffer(id) ? id.toString("hex") : String(id);

function withMessageId(bytes: Buffer): Buffer {
  const message = decode(bytes);
  message.message_id = randomUUID().replaceAll("-", "");
  return encode(message);
}

/** What the broker must know of a message, and the rest of it as it is. */
function split(bytes: Buffer): { head: AmqpMessage; own: Buffer } {
  const sections = frontSections(bytes);
  const end = sections.at(-1)?.end ?? 0;
  const properties = sections.find(({ code }) => code === sectionCodes.properties);
  return { head: decode(bytes.subarray(0, end)), own: bytes.subarray(properties?.start ?? end) };
}

/**
 * What a client sends, as the broker takes it. A message without an id gets one, as in Azure; the SDK's lock renewal needs
 * it.
 *
 * @throws {BrokerFailure} message-too-large; invalid-message
 */
export function toDraft(bytes: Buffer): Draft {
  if (bytes.length > MAX_MESSAGE_SIZE) {
    throw new BrokerFailure(
      "message-too-large",
      `The message is larger than is currently allowed (${MAX_MESSAGE_SIZE} bytes).`,
    );
  }
  const { head, own } = split(bytes);
  if (head.message_id === undefined) return toDraft(withMessageId(bytes));
  const { [SCHEDULED_AT]: due, ...annotations } = head.message_annotations ?? {};
  const scheduledAt = timeOf(due);
  const before = encodeAnnotations(annotations);
  return {
    messageId: idOf(head.message_id),
    content: before.length > 0 ? Buffer.concat([before, own]) : own,
    ...(typeof head.ttl === "number" && { timeToLiveInMs: head.ttl }),
    ...(scheduledAt !== undefined && { scheduledAt }),
  };
}

/** The messages in a batch envelope: one data section each. */
export function unpackBatch(envelope: Buffer): Buffer[] {
  const body = decode(envelope).body as { content?: unknown; multiple?: boolean } | undefined;
  const parts: unknown[] = body?.multiple === true ? (body.content as unknown[]) : [body?.content];
  if (parts.every((part) => Buffer.isBuffer(part))) return parts;
  throw new BrokerFailure("invalid-message", "The batch does not consist of messages.");
}

/** The content with more application properties. */
export function withProperties(
  content: Uint8Array,
  properties: Readonly<Record<string, unknown>>,
): Uint8Array | undefined {
  if (Object.keys(properties).length === 0) return undefined;
  const { message_annotations, ...message } = decode(content);
  message.application_properties = { ...message.application_properties, ...properties };
  const bytes = encode(message);
  const [header] = frontSections(bytes);
  return Buffer.concat([encodeAnnotations(message_annotations ?? {}), bytes.subarray(header?.end)]);
}

export interface DeliveryDetails {
  readonly message: Message;
  readonly content: Uint8Array;
  readonly deadLetterSource: string | undefined;
  /** Until when it is locked, by the client's clock. */
  readonly lockedUntil: number | undefined;
}

function annotationsOf(details: DeliveryDetails): Record<string, unknown> {
  const { message, deadLetterSource, lockedUntil } = details;
  const { types } = rhea;
  return {
    "x-opt-enqueued-time": types.wrap_timestamp(message.enqueuedAt),
    "x-opt-sequence-number": types.wrap_long(message.sequence),
    "x-opt-enqueue-sequence-number": types.wrap_long(message.sequence),
    "x-opt-message-state": types.wrap_int(stateCodes[message.state]),
    ...(message.scheduledAt !== undefined && {
      [SCHEDULED_AT]: types.wrap_timestamp(message.scheduledAt),
    }),
    ...(lockedUntil !== undefined && {
      "x-opt-locked-until": types.wrap_timestamp(lockedUntil),
    }),
    ...(deadLetterSource !== undefined && { "x-opt-deadletter-source": deadLetterSource }),
  };
}

/** A stored message as AMQP decodes it, its dead-letter properties included. */
export function toAmqpMessage({ content, message }: DeliveryDetails): AmqpMessage {
  const amqp = decode(content);
  const { reason, description } = message.deadLetter ?? {};
  if (reason !== undefined || description !== undefined) {
    amqp.application_properties = {
      ...amqp.application_properties,
      ...(reason !== undefined && { DeadLetterReason: reason }),
      ...(description !== undefined && { DeadLetterErrorDescription: description }),
    };
  }
  return amqp;
}

/** A stored message as a client gets it. */
export function toWire(details: DeliveryDetails): Buffer {
  const { message, content } = details;
  const head: AmqpMessage = {
    delivery_count: message.deliveryCount,
    message_annotations: annotationsOf(details),
    ...(message.timeToLiveInMs !== undefined && { ttl: message.timeToLiveInMs }),
  };
  const [first] = frontSections(asBuffer(content));
  if (message.deadLetter || first?.code === sectionCodes.messageAnnotations) {
    const amqp = toAmqpMessage(details);
    const annotations = { ...amqp.message_annotations, ...head.message_annotations };
    return encode({ ...amqp, ...head, message_annotations: annotations });
  }
  const bytes = encode(head);
  const front = frontSections(bytes).find(({ code }) => code === sectionCodes.messageAnnotations);
  return Buffer.concat([bytes.subarray(0, front?.end), content]);
}
