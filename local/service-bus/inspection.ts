/** A look inside for tests and tools: what is in a queue, without receiving it. */
import { toAmqpMessage } from "./amqp/messages.ts";
import type { Broker } from "./broker/broker.ts";
import type { MessageState } from "./broker/message.ts";
import type { Queue } from "./broker/queue.ts";
import type { QueueCounts, QueueSettings } from "./broker/settings.ts";

export interface QueueInspection extends QueueCounts {
  readonly deadLetter: number;
}

export interface PeekedMessage {
  readonly sequence: number;
  readonly messageId: string;
  readonly state: MessageState;
  readonly isLocked: boolean;
  readonly deliveryCount: number;
  /** Milliseconds since the epoch. */
  readonly enqueuedAt: number;
  /** Milliseconds since the epoch. */
  readonly scheduledAt: number | undefined;
  /** Parsed when it is JSON, text otherwise. */
  readonly body: unknown;
  readonly applicationProperties: Readonly<Record<string, unknown>>;
  readonly deadLetterReason: string | undefined;
  readonly deadLetterDescription: string | undefined;
}

export interface Inspection {
  /** @param queue in any case; throws when there is no such queue */
  counts(queue: string): QueueInspection;
  /** Of every queue. */
  allCounts(): Record<string, QueueInspection>;
  /** Everything in a queue, by sequence number; `jobs/$DeadLetterQueue` for its dead letters. */
  peek(queue: string): PeekedMessage[];
}

function parseBody(body: unknown): unknown {
  const content = (body as { content?: unknown } | undefined)?.content ?? body;
  if (!Buffer.isBuffer(content)) return content;
  const text = content.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function peekInto(queue: Queue): PeekedMessage[] {
  return queue.peek(0, Number.MAX_SAFE_INTEGER).map((message) => {
    const amqp = toAmqpMessage({
      message,
      content: queue.content(message),
      deadLetterSource: undefined,
      lockedUntil: undefined,
    });
    return {
      sequence: message.sequence,
      messageId: message.messageId,
      state: message.state,
      isLocked: message.lock !== undefined,
      deliveryCount: message.deliveryCount,
      enqueuedAt: message.enqueuedAt,
      scheduledAt: message.scheduledAt,
      body: parseBody(amqp.body),
      applicationProperties: amqp.application_properties ?? {},
      deadLetterReason: message.deadLetter?.reason,
      deadLetterDescription: message.deadLetter?.description,
    };
  });
}

export function inspect(broker: Broker, settings: readonly QueueSettings[]): Inspection {
  const counts = (name: string): QueueInspection => {
    const queue = broker.queue(name);
    return { ...queue.counts, deadLetter: queue.deadLetters?.counts.active ?? 0 };
  };
  return {
    counts,
    allCounts: () => Object.fromEntries(settings.map(({ name }) => [name, counts(name)])),
    peek: (name) => peekInto(broker.queue(name)),
  };
}
