/** Sending to Service Bus: small typed messages whose id says what they are about. */
import {
  ServiceBusClient,
  type ServiceBusMessage,
  type ServiceBusSender,
} from "@azure/service-bus";
import { RetryLater } from "../../kernel/failures.ts";
import { type Connection, credentialOf } from "../connection.ts";
import { carryOn } from "../telemetry/trace-context.ts";

export interface OutgoingMessage {
  /** What the message is about; the queue drops a second one with the same id within its detection window. */
  readonly id: string;
  /** Wrapped in `envelope` on the wire: the host lets members of a body shadow the message's own properties. */
  readonly body: object;
  /** W3C trace context, carried as the application property `traceparent`; that of what sends it when absent. */
  readonly traceparent?: string;
  /** Milliseconds since the epoch; at once when absent or past. */
  readonly dueAt?: number;
  /** Carried beside the body; 1 when absent. */
  readonly attempt?: number;
}

export interface MessageSender {
  /**
   * Accepted by the broker when this returns. Safe to repeat: ids are derived and queues detect duplicates.
   *
   * @throws {RetryLater} the broker does not answer
   */
  send(queue: string, messages: readonly OutgoingMessage[]): Promise<void>;
  /** Asks whether the broker takes messages for a queue; sends none. */
  ping(queue: string): Promise<void>;
  close(): Promise<void>;
}

function toMessage(message: OutgoingMessage): ServiceBusMessage {
  const traceparent = carryOn(message.traceparent);
  return {
    messageId: message.id,
    contentType: "application/json",
    body: {
      envelope: message.body,
      ...(message.attempt !== undefined && { attempt: message.attempt }),
    },
    ...(traceparent !== undefined && { applicationProperties: { traceparent } }),
    ...(message.dueAt !== undefined && { scheduledEnqueueTimeUtc: new Date(message.dueAt) }),
  };
}

const retryOptions = {
  maxRetries: 4,
  retryDelayInMs: 200,
  maxRetryDelayInMs: 2000,
  timeoutInMs: 10_000,
};

/** A client on a connection of its own. */
export const connectServiceBus = (connection: Connection): ServiceBusClient =>
  connection.kind === "connection-string"
    ? new ServiceBusClient(connection.connectionString, { retryOptions })
    : new ServiceBusClient(connection.endpoint, credentialOf(connection), { retryOptions });

/** One connection for the whole process, one link for each queue; opened when first used. */
export function createMessageSender(connection: Connection): MessageSender {
  const client = connectServiceBus(connection);
  const senders = new Map<string, ServiceBusSender>();

  const senderOf = (queue: string): ServiceBusSender => {
    const known = senders.get(queue);
    if (known) return known;
    const sender = client.createSender(queue);
    senders.set(queue, sender);
    return sender;
  };

  const sendAll = async (sender: ServiceBusSender, messages: readonly OutgoingMessage[]) => {
    let batch = await sender.createMessageBatch();
    for (const message of messages) {
      if (batch.tryAddMessage(toMessage(message))) continue;
      await sender.sendMessages(batch);
      batch = await sender.createMessageBatch();
      if (!batch.tryAddMessage(toMessage(message))) await sender.sendMessages(toMessage(message));
    }
    if (batch.count > 0) await sender.sendMessages(batch);
  };

  return {
    async send(queue, messages) {
      const [first] = messages;
      if (!first) return;
      const sender = senderOf(queue);
      try {
        if (messages.length === 1) await sender.sendMessages(toMessage(first));
        else await sendAll(sender, messages);
      } catch (error) {
        throw new RetryLater(5, "The message broker does not answer", { cause: error });
      }
    },
    async ping(queue) {
      await senderOf(queue).createMessageBatch();
    },
    close: () => client.close(),
  };
}
