/** A client that says what the SDK never would, for tests of refusals. */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import rhea, {
  type Connection,
  type EventContext,
  type Message,
  type Receiver,
  type Sender,
} from "rhea";
import { onTestFinished } from "vitest";
import { sharedAccess } from "./shared-access.ts";

export interface TokenOptions {
  readonly key?: string;
  readonly keyName?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A shared access signature for `sb://localhost/<path>`. */
export function sign(path: string, { expiresAt, ...options }: TokenOptions): string {
  const { key, keyName } = { ...sharedAccess, ...options };
  const resource = encodeURIComponent(`sb://localhost/${path}`);
  const expiry = Math.floor(expiresAt / 1000);
  const signature = createHmac("sha256", key).update(`${resource}\n${expiry}`).digest("base64");
  return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=${keyName}`;
}

export interface RawClient {
  readonly connection: Connection;
  putToken(path: string, token: string, name?: string): Promise<Message>;
  /** Asks a management node. */
  ask(queue: string, operation: string, body: object): Promise<Message>;
  /** Sends these bytes as they are. @returns the error of the refusal, if any */
  sendBytes(queue: string, bytes: Buffer, format: number): Promise<unknown>;
  /** @returns the error with which the attach was refused */
  refusalOf(link: Sender | Receiver): Promise<unknown>;
}

const next = async (emitter: Sender | Receiver, event: string): Promise<EventContext> => {
  const [context] = (await once(emitter, event)) as [EventContext];
  return context;
};

async function request(
  connection: Connection,
  node: string,
  message: Omit<Message, "reply_to">,
): Promise<Message> {
  const replies = connection.open_receiver({
    source: node,
    target: { address: "replies" },
    name: `replies-${node}`,
    autoaccept: true,
  });
  const sender = connection.open_sender(node);
  await next(sender, "sendable");
  const reply = next(replies, "message");
  sender.send({ ...message, reply_to: `replies-${node}` });
  const { message: answer } = await reply;
  sender.close();
  replies.close();
  if (!answer) throw new Error("The answer is empty");
  return answer;
}

export function connectRaw(port: number): RawClient {
  const connection = rhea
    .create_container()
    .connect({ port, host: "127.0.0.1", username: "any", reconnect: false });
  connection.on("error", () => undefined);
  connection.on("disconnected", () => undefined);
  onTestFinished(() => {
    connection.close();
  });
  return {
    connection,
    putToken: (path, token, name = `sb://localhost/${path}`) =>
      request(connection, "$cbs", {
        body: token,
        application_properties: { operation: "put-token", name },
      }),
    ask: (queue, operation, body) =>
      request(connection, `${queue}/$management`, { body, application_properties: { operation } }),
    async sendBytes(queue, bytes, format) {
      const sender = connection.open_sender(queue);
      await next(sender, "sendable");
      const verdict = Promise.race([next(sender, "accepted"), next(sender, "rejected")]);
      sender.send(bytes, undefined, format);
      const { delivery } = await verdict;
      return (delivery?.remote_state as { error?: unknown } | undefined)?.error;
    },
    async refusalOf(link) {
      const event = link.is_sender() ? "sender_error" : "receiver_error";
      await next(link, event);
      return link.error;
    },
  };
}
