/** What a function is told of a message beside its body. The library makes the keys' first letters lower-case. */
import type { ServiceBusReceivedMessage } from "@azure/service-bus";
import type { TypedData } from "../app/functions-core.ts";

/** .NET's last moment; the SDK computes a later one for messages that do not expire. */
const LAST_INSTANT = "9999-12-31T23:59:59.9999999+00:00";
const lastTime = Date.parse("9999-12-31T23:59:59.999Z");

const toInstant = (date: Date): string =>
  date.getTime() > lastTime ? LAST_INSTANT : date.toISOString();

/** In Azure these have no value that JavaScript could use. */
const handles = [
  "MessageReceiver",
  "MessageSession",
  "MessageActions",
  "SessionActions",
  "ReceiveActions",
  "Client",
];

/** The properties by Azure's names; those that are absent are undefined. */
function messageProperties(message: ServiceBusReceivedMessage): Readonly<Record<string, unknown>> {
  const { subject, applicationProperties = {} } = message;
  return {
    // The SDK counts from 0.
    DeliveryCount: (message.deliveryCount ?? 0) + 1,
    DeadLetterSource: message.deadLetterSource,
    LockToken: message.lockToken,
    ExpiresAt: message.expiresAtUtc,
    ExpiresAtUtc: message.expiresAtUtc,
    EnqueuedTime: message.enqueuedTimeUtc,
    EnqueuedTimeUtc: message.enqueuedTimeUtc,
    MessageId: message.messageId,
    ContentType: message.contentType,
    ReplyTo: message.replyTo,
    ReplyToSessionId: message.replyToSessionId,
    SequenceNumber: message.sequenceNumber?.toNumber(),
    To: message.to,
    Subject: subject,
    Label: subject,
    CorrelationId: message.correlationId,
    ApplicationProperties: applicationProperties,
    UserProperties: applicationProperties,
    SessionId: message.sessionId,
    PartitionKey: message.partitionKey,
  };
}

/** As Azure's host does it: text goes as text, anything else, moments included, as JSON. */
function toData(value: unknown): TypedData {
  if (typeof value === "string") return { string: value };
  return { json: JSON.stringify(value instanceof Date ? toInstant(value) : value) };
}

const toText = (scalar: unknown): string =>
  typeof scalar === "string" ? scalar : JSON.stringify(scalar);

/** The members of a JSON body that become metadata: scalars as text, objects as they are. */
function bodyProperties(text: string): Readonly<Record<string, unknown>> {
  if (!/^\s*\{/.test(text)) return {};
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(body)
        .filter(([, value]) => value !== null && !Array.isArray(value))
        .map(([key, value]) => [key, typeof value === "object" ? value : toText(value)]),
    );
  } catch {
    return {};
  }
}

/**
 * As in Azure a member of a JSON body takes the place of the property of its name, in any case of letters: the metadata
 * is as trustworthy as the body.
 */
export function toTriggerMetadata(
  message: ServiceBusReceivedMessage,
  text: string | undefined,
): Readonly<Record<string, TypedData>> {
  const entries = new Map<string, readonly [key: string, data: TypedData]>();
  const put = (key: string, value: unknown): void => {
    if (value !== undefined) entries.set(key.toLowerCase(), [key, toData(value)]);
  };
  for (const handle of handles) put(handle, {});
  for (const [key, value] of Object.entries(messageProperties(message))) put(key, value);
  if (text !== undefined) {
    for (const [key, value] of Object.entries(bodyProperties(text))) put(key, value);
  }
  return Object.fromEntries(entries.values());
}
