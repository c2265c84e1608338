/** The dead-letter queues: messages that were given up are looked at, and put back as new ones. */
import type { ServiceBusReceivedMessage, ServiceBusReceiver } from "@azure/service-bus";
import { RetryLater } from "../../kernel/failures.ts";
import type { Connection } from "../connection.ts";
import { connectServiceBus, type MessageSender } from "./service-bus.ts";

/** A message that was given up; its body is not shown. */
export interface DeadLetter {
  readonly queue: string;
  /** By which one message of the queue is meant. */
  readonly sequenceNumber: string;
  readonly id: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly enqueuedAt: number;
}

export interface DeadLetters {
  /** Oldest first; takes nothing out. */
  list(queue: string, limit: number): Promise<readonly DeadLetter[]>;
  /**
   * Puts messages back into their queue, as first attempts. Safe to repeat: the id of the new message follows from the
   * old one.
   *
   * @param sequenceNumber one message; all when absent
   * @returns how many were put back
   */
  redrive(queue: string, sequenceNumber?: string): Promise<number>;
}

/** As many as are received at once, and by one call. */
const AT_ONCE = 100;
const AT_MOST = 10_000;

const MAX_WAIT_IN_MS = 1000;

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

const idOf = ({ messageId }: ServiceBusReceivedMessage): string => String(messageId ?? "");

const numberOf = ({ sequenceNumber }: ServiceBusReceivedMessage): string =>
  String(sequenceNumber ?? "");

const toDeadLetter = (queue: string, message: ServiceBusReceivedMessage): DeadLetter => ({
  queue,
  sequenceNumber: numberOf(message),
  id: idOf(message),
  reason: message.deadLetterReason ?? "",
  enqueuedAt: message.enqueuedTimeUtc?.getTime() ?? 0,
});

/** The message again, with an id of its own: under the old one the broker might drop it. */
async function putBack(
  messages: MessageSender,
  queue: string,
  message: ServiceBusReceivedMessage,
): Promise<void> {
  const { envelope } = message.body as { envelope: object };
  const traceparent = textOf(message.applicationProperties?.["traceparent"]);
  await messages.send(queue, [
    {
      id: `${idOf(message).replace(/~\d+$/, "")}.back-${numberOf(message)}`,
      body: envelope,
      ...(traceparent !== undefined && { traceparent }),
    },
  ]);
}

/** Receives until there is nothing left; what is not wanted is kept locked until the end, so that it comes once. */
async function redriveFrom(
  receiver: ServiceBusReceiver,
  isWanted: (message: ServiceBusReceivedMessage) => boolean,
  back: (message: ServiceBusReceivedMessage) => Promise<void>,
): Promise<number> {
  const others: ServiceBusReceivedMessage[] = [];
  let count = 0;
  while (count + others.length < AT_MOST) {
    const some = await receiver.receiveMessages(AT_ONCE, { maxWaitTimeInMs: MAX_WAIT_IN_MS });
    for (const message of some) {
      if (!isWanted(message)) {
        others.push(message);
        continue;
      }
      await back(message);
      await receiver.completeMessage(message);
      count += 1;
    }
    if (some.length < AT_ONCE) break;
  }
  for (const message of others) await receiver.abandonMessage(message);
  return count;
}

/** Looks into dead-letter queues, each time on a connection of its own: it is rare, and nothing stays open. */
export function createDeadLetters(connection: Connection, messages: MessageSender): DeadLetters {
  const withReceiver = async <Result>(
    queue: string,
    use: (receiver: ServiceBusReceiver) => Promise<Result>,
  ): Promise<Result> => {
    const client = connectServiceBus(connection);
    const receiver = client.createReceiver(queue, { subQueueType: "deadLetter" });
    try {
      return await use(receiver);
    } catch (error) {
      if (error instanceof RetryLater) throw error;
      throw new RetryLater(5, "The message broker does not answer", { cause: error });
    } finally {
      await receiver.close();
      await client.close();
    }
  };

  return {
    list: (queue, limit) =>
      withReceiver(queue, async (receiver) => {
        const found = await receiver.peekMessages(limit);
        return found.map((message) => toDeadLetter(queue, message));
      }),
    redrive: (queue, sequenceNumber) =>
      withReceiver(queue, async (receiver) => {
        if ((await receiver.peekMessages(1)).length === 0) return 0;
        return redriveFrom(
          receiver,
          (message) => sequenceNumber === undefined || numberOf(message) === sequenceNumber,
          (message) => putBack(messages, queue, message),
        );
      }),
  };
}
