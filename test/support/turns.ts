/** Gives the functions of an app their turns, one after the other, so that a test says when and nothing sleeps. */
import { ChangeFeedStartFrom, type Database } from "@azure/cosmos";
import type { CosmosDBv4ChangeFeedItem } from "@azure/functions";
import { ServiceBusClient } from "@azure/service-bus";
import type { LocalServiceBus } from "../../local/service-bus/server.ts";
import { contextOf, type Registrations } from "./registrations.ts";

export interface Turns {
  /** Runs the functions that are woken by changes and messages until there is nothing left that is due. */
  settle(): Promise<void>;
  /** Hands every change on again from the beginning, as after lost leases. */
  replayChanges(): Promise<void>;
  /** Runs a timer function, as when its time has come. */
  runTimer(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Receives what a queue has, as the host does: completed when the function returns, abandoned when it throws. */
function createReceiving(
  registrations: Registrations,
  serviceBus: LocalServiceBus,
  client: ServiceBusClient,
): () => Promise<number> {
  const receiveFrom = async (queue: string): Promise<number> => {
    const handler = registrations.queues.get(queue)?.handler;
    const receiver = client.createReceiver(queue);
    let count = 0;
    while (handler && serviceBus.counts(queue).active > 0) {
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
    return count;
  };

  return async () => {
    let count = 0;
    for (const queue of registrations.queues.keys()) {
      if (serviceBus.counts(queue).active > 0) count += await receiveFrom(queue);
    }
    return count;
  };
}

function createFollowing(registrations: Registrations, database: Database) {
  const continuations = new Map<string, string>();

  const followOne = async (name: string): Promise<number> => {
    const follower = registrations.followers.get(name);
    if (!follower) return 0;
    const known = continuations.get(name);
    const start =
      known === undefined
        ? ChangeFeedStartFrom.Beginning()
        : ChangeFeedStartFrom.Continuation(known);
    const container = database.container(follower.containerName);
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

export function createTurns(
  registrations: Registrations,
  database: Database,
  serviceBus: LocalServiceBus,
): Turns {
  const client = new ServiceBusClient(serviceBus.connectionString);
  const receiveAll = createReceiving(registrations, serviceBus, client);
  const following = createFollowing(registrations, database);

  const settle = async (): Promise<void> => {
    for (let moved = 1; moved > 0;) moved = (await following.follow()) + (await receiveAll());
  };

  return {
    settle,
    replayChanges: () => {
      following.forget();
      return settle();
    },
    async runTimer(name) {
      const timer = registrations.timers.get(name);
      if (!timer) throw new Error(`There is no timer ${name}`);
      const schedule = { adjustForDST: true };
      const scheduleStatus = { last: "", next: "", lastUpdated: "" };
      await timer.handler({ isPastDue: false, schedule, scheduleStatus }, contextOf(name));
    },
    close: () => client.close(),
  };
}
