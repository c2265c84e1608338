/** What a client's verdict on a message means for the broker. */
import type { DeadLetter } from "../broker/message.ts";
import type { Queue } from "../broker/queue.ts";
import { withProperties } from "./messages.ts";
import type { RemoteState } from "./rhea.ts";

type Properties = Readonly<Record<string, unknown>>;

export type Settle = (queue: Queue, token: string, state: RemoteState) => void;

const REASON = "DeadLetterReason";
const DESCRIPTION = "DeadLetterErrorDescription";

/** What the message is with more properties; `undefined` when it stays as it is. */
const changedContent = (
  queue: Queue,
  token: string,
  properties: Properties | undefined | null,
): Uint8Array | undefined =>
  properties ? withProperties(queue.content(queue.lockedBy(token)), properties) : undefined;

export function abandon(queue: Queue, token: string, properties?: Properties | null): void {
  queue.abandon(token, changedContent(queue, token, properties));
}

export function defer(queue: Queue, token: string, properties?: Properties | null): void {
  queue.defer(token, changedContent(queue, token, properties));
}

export function deadLetter(
  queue: Queue,
  token: string,
  why: DeadLetter,
  properties?: Properties | null,
): void {
  queue.deadLetter(token, why, changedContent(queue, token, properties));
}

/** The two properties that say why, and the others. */
function splitReason(info: Properties): { why: DeadLetter; properties: Properties } {
  const { [REASON]: reason, [DESCRIPTION]: description, ...properties } = info;
  return {
    properties,
    why: {
      ...(typeof reason === "string" && { reason }),
      ...(typeof description === "string" && { description }),
    },
  };
}

/** By the outcome of the disposition. */
export const settlements = {
  accepted: (queue, token) => {
    queue.complete(token);
  },
  released: (queue, token) => {
    queue.release(token);
  },
  modified: (queue, token, state) => {
    const settle = state.undeliverable_here === true ? defer : abandon;
    settle(queue, token, state.message_annotations);
  },
  rejected: (queue, token, state) => {
    const { why, properties } = splitReason(state.error?.info ?? {});
    deadLetter(queue, token, why, properties);
  },
} as const satisfies Record<string, Settle>;

export type OutcomeName = keyof typeof settlements;
