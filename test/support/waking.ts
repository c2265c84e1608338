/** Wakes functions by changes and messages when a test says so, as the host does by itself. */
import { ChangeFeedStartFrom } from "@azure/cosmos";
import type { CosmosDBv4ChangeFeedItem } from "@azure/functions";
import type { ServiceBusClient } from "@azure/service-bus";
import type { LocalServiceBus } from "../../local/service-bus/server.ts";
import type { TestCosmos } from "./cosmos.ts";
import { contextOf, type Registrations } from "./registrations.ts";

export interface Receiving {
  readonly registrations: Registrations;
  readonly serviceBus: LocalServiceBus;
  readonly client: ServiceBusClient;
}

/** Receives what a queue has, as the host does: completed when the function returns, abandoned when it throws. */
export async function receiveAll({
  registrations,
  serviceBus,
  client,
}: Receiving): Promise<number> {
  let count = 0;
  for (const [queue, { handler }] of registrations.queues) {
    const receiver = client.createReceiver(queue);
    while (serviceBus.counts(queue).active > 0) {
      // As many as there are: the SDK waits a second for more otherwise.
      const messages = await receiver.receiveMessages(serviceBus.counts(queue).active, {
        maxWaitTimeInMs: 1000,
      });
      for (const message of messages) {
        count += 1;
        const { messageId, applicationProperties } = message;
        try {
          await handler(message.body, contextOf(queue, { messageId, applicationProperties }));
          await receiver.completeMessage(message);
        } catch {
          await receiver.deadLetterMessage(message);
        }
      }
    }
    await receiver.close();
  }
  return count;
}

export interface Following {
  /** @returns how many changes were handed on */
  follow(): Promise<number>;
  /** The next time begins at the beginning. */
  forget(): void;
}

export function createFollowing(cosmos: TestCosmos, registrations: Registrations): Following {
  const continuations = new Map<string, string>();

  const followOne = async (name: string): Promise<number> => {
    const follower = registrations.followers.get(name);
    if (!follower) return 0;
    const container = cosmos.database.container(follower.containerName);
    const known = continuations.get(name);
    const start =
      known === undefined
        ? ChangeFeedStartFrom.Beginning()
        : ChangeFeedStartFrom.Continuation(known);
    const iterator = container.items.getChangeFeedIterator<CosmosDBv4ChangeFeedItem>({
      maxItemCount: 100,
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- what the SDK's factory makes
      changeFeedStartFrom: start,
    });
    let count = 0;
    for (let isUnchanged = false; !isUnchanged;) {
      const page = await iterator.readNext();
      isUnchanged = page.statusCode === 304;
      const changes = isUnchanged ? [] : page.result;
      if (changes.length > 0) {
        await follower.handler(changes, contextOf(name));
        count += changes.length;
      }
      continuations.set(name, page.continuationToken);
    }
    return count;
  };

  return {
    async follow(): Promise<number> {
      let count = 0;
      for (const name of registrations.followers.keys()) count += await followOne(name);
      return count;
    },
    forget: () => {
      continuations.clear();
    },
  };
}
