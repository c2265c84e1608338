/**
 * One queue consumer: parse → run → complete, try again later, or give up.
 *
 * Service Bus has no back-off of its own: an abandoned message comes back at once. So a step that asks for another
 * attempt gets a scheduled copy with the next attempt number, and the original is completed.
 */
import type { InvocationContext, ServiceBusQueueHandler } from "@azure/functions";
import type { z } from "zod";
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import type { Clock, Logger } from "../../kernel/ports.ts";
import { measure } from "../telemetry/metrics.ts";
import { inJoiningSpan, type SpanAbout } from "../telemetry/spans.ts";
import type { MessageSender } from "./service-bus.ts";

export interface ConsumePorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly messages: MessageSender;
}

export interface ConsumeSpec<Body> {
  readonly queue: string;
  readonly body: z.ZodType<Body>;
  /**
   * The step gave up for good: records it where somebody sees it. Safe to repeat, for the broker redelivers a few times
   * before the message is in the dead-letter queue. The body is `undefined` when it could not be parsed.
   */
  readonly givenUp?: (body: Body | undefined, code: string) => Promise<void>;
}

export interface ConsumedMessage<Body> {
  readonly body: Body;
  /** 1 for the first. */
  readonly attempt: number;
  readonly id: string;
  readonly traceparent?: string;
}

interface Wire {
  readonly envelope: unknown;
  readonly attempt?: number;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const traceparentOf = (context: InvocationContext): string | undefined => {
  const properties = context.triggerMetadata?.["applicationProperties"];
  return typeof properties === "object" && properties !== null
    ? textOf((properties as Record<string, unknown>)["traceparent"])
    : undefined;
};

/** Attempts at a message that fails for a reason nobody foresaw; then the broker moves it to the dead-letter queue. */
const MAX_ATTEMPTS_UNFORESEEN = 8;

/** 2, 4, 8 … seconds, at most five minutes. */
const backOffInSeconds = (attempt: number): number => Math.min(300, 2 ** attempt);

/** The id of the copy for a later attempt: derived, so that a repeated hand-over makes one copy. */
const idOfAttempt = (id: string, attempt: number): string =>
  `${id.replace(/~\d+$/, "")}~${attempt}`;

const toLater = (error: unknown, attempt: number): RetryLater | undefined => {
  if (error instanceof RetryLater) return error;
  if (error instanceof PermanentFailure || attempt >= MAX_ATTEMPTS_UNFORESEEN) return undefined;
  const reason = error instanceof Error ? error.message : String(error);
  return new RetryLater(backOffInSeconds(attempt), reason, { cause: error });
};

async function tryLater<Body>(
  spec: ConsumeSpec<Body>,
  ports: ConsumePorts,
  message: ConsumedMessage<Body>,
  failure: RetryLater,
): Promise<void> {
  const attempt = message.attempt + 1;
  await ports.messages.send(spec.queue, [
    {
      id: idOfAttempt(message.id, attempt),
      body: message.body as object,
      attempt,
      dueAt: ports.clock.now() + failure.delayInSeconds * 1000,
      ...(message.traceparent !== undefined && { traceparent: message.traceparent }),
    },
  ]);
  const { delayInSeconds, message: reason } = failure;
  ports.logger.warn(
    { queue: spec.queue, attempt, delayInSeconds, reason },
    "A message will be tried again",
  );
}

function parse<Body>(
  spec: ConsumeSpec<Body>,
  received: unknown,
  context: InvocationContext,
): ConsumedMessage<Body> | undefined {
  const wire = received as Wire;
  const parsed = spec.body.safeParse(wire.envelope);
  if (!parsed.success) return undefined;
  const traceparent = traceparentOf(context);
  return {
    body: parsed.data,
    attempt: wire.attempt ?? 1,
    id: textOf(context.triggerMetadata?.["messageId"]) ?? context.invocationId,
    ...(traceparent !== undefined && { traceparent }),
  };
}

/** The message goes to the dead-letter queue when this throws. */
async function giveUp<Body>(
  spec: ConsumeSpec<Body>,
  body: Body | undefined,
  failure: unknown,
): Promise<never> {
  const code = failure instanceof PermanentFailure ? failure.code : "attempts-exhausted";
  await spec.givenUp?.(body, code);
  measure("deadLettered", 1, { queue: spec.queue });
  throw failure;
}

const aboutOf = <Body>(
  { queue }: ConsumeSpec<Body>,
  { id, attempt, traceparent }: ConsumedMessage<Body>,
  { functionName }: InvocationContext,
): SpanAbout => ({
  name: functionName,
  kind: "consumer",
  traceparent,
  attributes: {
    "messaging.system": "servicebus",
    "messaging.destination.name": queue,
    "messaging.message.id": id,
    "budstikke.attempt": attempt,
  },
});

/** Makes a queue handler of a step. */
export function consume<Body>(
  spec: ConsumeSpec<Body>,
  ports: ConsumePorts,
  run: (message: ConsumedMessage<Body>) => Promise<void>,
): ServiceBusQueueHandler {
  const runOne = async (message: ConsumedMessage<Body>): Promise<void> => {
    try {
      await run(message);
    } catch (error) {
      const { attempt } = message;
      const later = toLater(error, attempt);
      if (later !== error) {
        ports.logger.error({ queue: spec.queue, attempt }, "A message failed", error);
      }
      if (later) await tryLater(spec, ports, message, later);
      else await giveUp(spec, message.body, error);
    }
  };

  return async (received, context) => {
    const message = parse(spec, received, context);
    if (!message) {
      const text = `A message of ${spec.queue} is malformed`;
      return giveUp(spec, undefined, new PermanentFailure("invalid-message", text));
    }
    await inJoiningSpan(aboutOf(spec, message, context), () => runOne(message));
  };
}
