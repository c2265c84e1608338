/** The management node of a queue: what is asked for by request and reply instead of by a link. */
import rhea from "rhea";
import { BrokerFailure, notSupported } from "../broker/failure.ts";
import type { Message } from "../broker/message.ts";
import type { Queue } from "../broker/queue.ts";
import type { FaultPoint } from "../faults.ts";
import { fromUuidBytes, toUuidBytes } from "./lock-tokens.ts";
import { toDraft, toWire } from "./messages.ts";
import { abandon, deadLetter, defer } from "./settlement.ts";

type Body = Readonly<Record<string, unknown>>;

export interface ManagementContext {
  readonly queue: Queue;
  readonly body: Body;
  /** How far the clients' clock is ahead of the broker's. */
  readonly skewInMs: number;
}

/** @returns the body of the answer; `undefined` when there is nothing to tell */
type Operation = (context: ManagementContext) => Body | undefined;

/** Type codes of the elements of an array (AMQP 1.0 part 1.6). */
const LONG = 0x81;
const TIMESTAMP = 0x83;

const arrayOf = (values: readonly number[], typeCode: number): unknown =>
  rhea.types.wrap_array(values, typeCode, undefined);

function listIn(body: Body, key: string): readonly unknown[] {
  const value = body[key];
  if (Array.isArray(value)) return value;
  throw new BrokerFailure("invalid-message", `The request has no ${key}.`);
}

/** A long is a number, or eight bytes when rhea was given or found it too large. */
const toNumber = (value: unknown): number =>
  Buffer.isBuffer(value) ? Number(value.readBigInt64BE(0)) : Number(value);

const sequencesIn = (body: Body): number[] => listIn(body, "sequence-numbers").map(toNumber);

const tokensIn = (body: Body): string[] =>
  listIn(body, "lock-tokens").map((token) => fromUuidBytes(token as Buffer));

const encodeFor =
  ({ queue, skewInMs }: ManagementContext) =>
  (message: Message, content: Uint8Array): Buffer =>
    toWire({
      message,
      content,
      deadLetterSource: queue.settings.deadLetterSource,
      lockedUntil: message.lock && message.lock.until + skewInMs,
    });

const schedule: Operation = ({ queue, body }) => {
  const entries = listIn(body, "messages") as readonly Readonly<Record<string, unknown>>[];
  const drafts = entries.map((entry) => toDraft(entry["message"] as Buffer));
  const sequences = drafts.map((draft) => queue.add(draft));
  return { "sequence-numbers": arrayOf(sequences, LONG) };
};

const cancel: Operation = ({ queue, body }) => {
  queue.cancel(sequencesIn(body));
  return {};
};

const peek: Operation = (context) => {
  const { queue, body } = context;
  const from = toNumber(body["from-sequence-number"]);
  const messages = queue.peek(from, toNumber(body["message-count"]));
  if (messages.length === 0) return undefined;
  const encode = encodeFor(context);
  return {
    messages: messages.map((message) => ({ message: encode(message, queue.content(message)) })),
  };
};

const renew: Operation = ({ queue, body, skewInMs }) => {
  const expirations = tokensIn(body).map((token) => queue.renew(token) + skewInMs);
  return { expirations: arrayOf(expirations, TIMESTAMP) };
};

/** Receiver settle mode "first": receive and delete. */
const FIRST = 0;

const receiveDeferred: Operation = (context) => {
  const { queue, body } = context;
  const encode = encodeFor(context);
  const sequences = sequencesIn(body);
  const received =
    body["receiver-settle-mode"] === FIRST
      ? queue.removeDeferred(sequences)
      : queue
          .lockDeferred(sequences)
          .map((message) => ({ message, content: queue.content(message) }));
  return {
    messages: received.map(({ message, content }) => ({
      message: encode(message, content),
      "lock-token": rhea.types.wrap_uuid(
        message.lock ? toUuidBytes(message.lock.token) : Buffer.alloc(16),
      ),
    })),
  };
};

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** By `disposition-status`. */
const dispositions: Readonly<
  Record<string, (queue: Queue, token: string, body: Body, properties: Body) => void>
> = {
  completed: (queue, token) => {
    queue.complete(token);
  },
  abandoned: (queue, token, _body, properties) => {
    abandon(queue, token, properties);
  },
  // The protocol's own spelling.
  defered: (queue, token, _body, properties) => {
    defer(queue, token, properties);
  },
  suspended: (queue, token, body, properties) => {
    const reason = textOf(body["deadletter-reason"]);
    const description = textOf(body["deadletter-description"]);
    const why = {
      ...(reason !== undefined && { reason }),
      ...(description !== undefined && { description }),
    };
    deadLetter(queue, token, why, properties);
  },
};

const updateDisposition: Operation = ({ queue, body }) => {
  const status = String(body["disposition-status"]);
  const settle = dispositions[status];
  if (!settle) throw notSupported(`The disposition '${status}' is`);
  const properties = (body["properties-to-modify"] ?? {}) as Body;
  const tokens = tokensIn(body);
  for (const token of tokens) queue.lockedBy(token);
  for (const token of tokens) settle(queue, token, body, properties);
  return {};
};

interface OperationEntry {
  readonly run: Operation;
  readonly point?: FaultPoint;
}

const operations: Readonly<Record<string, OperationEntry>> = {
  "com.microsoft:schedule-message": { run: schedule, point: "send" },
  "com.microsoft:cancel-scheduled-message": { run: cancel },
  "com.microsoft:peek-message": { run: peek },
  "com.microsoft:renew-lock": { run: renew },
  "com.microsoft:receive-by-sequence-number": { run: receiveDeferred },
  "com.microsoft:update-disposition": { run: updateDisposition, point: "settle" },
};

/** The operation of that name, or one that refuses. */
export function operationOf(name: unknown): OperationEntry {
  const entry = typeof name === "string" ? operations[name] : undefined;
  if (entry) return entry;
  return {
    run: () => {
      throw notSupported(`The operation '${String(name)}' is`);
    },
  };
}
