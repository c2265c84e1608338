/** From a stored order to the messages that make its notifications go out: the real app, SDKs and platform stand-in. */
import { randomUUID } from "node:crypto";
import { ServiceBusClient } from "@azure/service-bus";
import { compose } from "../../functions/composition.ts";
import { loadConfig } from "../../functions/config.ts";
import type { Notification } from "../../functions/notifications/domain/notification.ts";
import type { Order } from "../../functions/notifications/domain/order.ts";
import type { OrderStore } from "../../functions/notifications/domain/ports.ts";
import {
  type ProcessingPorts,
  registerProcessing,
} from "../../functions/notifications/register-processing.ts";
import { createLogger } from "../../functions/platform/logger.ts";
import topology from "../../infra/topology.json" with { type: "json" };
import { settingsFor } from "../../local/addresses.ts";
import { type LocalPlatform, startPlatform } from "../../local/platform/server.ts";
import { toEmulatorConfig } from "../../local/service-bus/entities.ts";
import { type LocalServiceBus, startServiceBus } from "../../local/service-bus/server.ts";
import { createVirtualClock, type VirtualClock } from "../../local/virtual-clock.ts";
import { type TestCosmos, startTestCosmos } from "./cosmos.ts";
import { collectRegistrations, contextOf } from "./registrations.ts";
import { createFollowing, receiveAll } from "./waking.ts";

export interface ProcessingFlow {
  readonly clock: VirtualClock;
  readonly platform: LocalPlatform;
  readonly cosmos: TestCosmos;
  readonly serviceBus: LocalServiceBus;
  readonly orders: OrderStore;
  readonly logged: readonly string[];
  /** Stores a chain of these orders, as if they had been posted. */
  register(...orders: readonly Order[]): Promise<void>;
  orderNow(id: string): Promise<Order>;
  notificationsOf(id: string): Promise<readonly Notification[]>;
  /** Runs the functions that are woken by changes and messages until there is nothing left that is due. */
  settle(): Promise<void>;
  /** Hands every change on again from the beginning, as after lost leases. */
  replayChanges(): Promise<void>;
  /** Runs the timer of the reconciler, and what follows from it. */
  reconcile(): Promise<void>;
  /** Moves time on in steps, each message and timer in its turn. */
  pass(stepInMs: number, stepCount: number): Promise<void>;
  stop(): Promise<void>;
}

/** @param change lets a test put itself between the app and what it uses */
export async function startProcessingFlow(
  change: (ports: ProcessingPorts) => ProcessingPorts = (ports) => ports,
): Promise<ProcessingFlow> {
  const clock = createVirtualClock();
  const [cosmos, serviceBus, platform] = await Promise.all([
    startTestCosmos(clock),
    startServiceBus({
      file: ":memory:",
      port: 0,
      clock,
      entities: toEmulatorConfig(topology.queues),
    }),
    startPlatform({ port: 0, clock }),
  ]);
  const logged: string[] = [];
  const settings = settingsFor({
    host: "http://127.0.0.1:7071",
    platform: platform.url,
    platformTokenKey: platform.platformTokenKey,
    inbox: platform.url,
    cosmos: `AccountEndpoint=${cosmos.server.endpoint};AccountKey=${cosmos.server.key};`,
    serviceBus: serviceBus.connectionString,
    acs: "endpoint=http://127.0.0.1:1/;accesskey=bm9uZQ==",
  });
  const app = compose(loadConfig(settings), {
    clock,
    logger: createLogger((_level, line) => {
      logged.push(line);
    }),
    newId: randomUUID,
    random: () => 0.5,
  });
  const registrations = collectRegistrations("http://127.0.0.1:7071");
  registerProcessing(registrations.app, change(app.notifications));
  const client = new ServiceBusClient(serviceBus.connectionString);
  const following = createFollowing(cosmos, registrations);
  const settle = async (): Promise<void> => {
    for (let moved = 1; moved > 0;) {
      moved = await following.follow();
      moved += await receiveAll({ registrations, serviceBus, client });
    }
  };
  const reconcile = async (): Promise<void> => {
    const schedule = { adjustForDST: true };
    const scheduleStatus = { last: "", next: "", lastUpdated: "" };
    const timer = registrations.timers.get("ReleaseOverdue");
    await timer?.handler(
      { isPastDue: false, schedule, scheduleStatus },
      contextOf("ReleaseOverdue"),
    );
    await settle();
  };
  const { orders } = app.notifications;

  return {
    clock,
    platform,
    cosmos,
    serviceBus,
    orders,
    logged,
    settle,
    reconcile,
    replayChanges: () => {
      following.forget();
      return settle();
    },
    async register(...all) {
      const [first] = all;
      if (!first) return;
      const { id, creator, createdAt } = first;
      const shipments = all.map((order) => ({ id: order.id }));
      const chain = { id, creator, createdAt, type: "legacy" as const, payloadHash: "", shipments };
      await orders.register({ chain, orders: all });
    },
    async orderNow(id) {
      const found = await orders.getOrder(id);
      if (!found) throw new Error("There is no such order");
      return found.value;
    },
    notificationsOf: (id) => orders.listNotifications(id),
    async pass(stepInMs, stepCount) {
      for (let step = 0; step < stepCount; step++) {
        await clock.advance(stepInMs);
        await settle();
        await reconcile();
      }
    },
    async stop() {
      await client.close();
      await app.close();
      await serviceBus.stop();
      await cosmos.stop();
      await platform.stop();
    },
  };
}
