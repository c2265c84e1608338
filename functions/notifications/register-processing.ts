/** Notifications, from a stored order to the messages that make its notifications go out. Read top to bottom. */
import type { app as functionApp } from "@azure/functions";
import topology from "../../infra/topology.json" with { type: "json" };
import type { ConsumePorts } from "../platform/messaging/consume.ts";
import {
  followOrdersChangeFeed,
  type FollowOrdersPorts,
} from "./triggers/follow-orders.change-feed.ts";
import { processOrderQueue } from "./triggers/process-order.queue.ts";
import { releaseOverdueTimer } from "./triggers/release-overdue.timer.ts";
import type { ProcessOrderPorts } from "./use-cases/process-order.ts";
import type { ReleaseOverduePorts } from "./use-cases/release-overdue.ts";

type App = typeof functionApp;

/** Everything that processing needs. */
export interface ProcessingPorts
  extends ConsumePorts, FollowOrdersPorts, ProcessOrderPorts, ReleaseOverduePorts {}

export function registerProcessing(app: App, ports: ProcessingPorts): void {
  app.cosmosDB("FollowOrders", {
    connection: "Cosmos",
    databaseName: topology.database,
    containerName: topology.containers.orders.name,
    leaseContainerName: topology.containers.leases.name,
    leaseContainerPrefix: "FollowOrders",
    createLeaseContainerIfNotExists: false,
    startFromBeginning: true,
    feedPollDelay: 200,
    maxItemsPerInvocation: 100,
    // Without it the real trigger passes over a batch that failed.
    retry: { strategy: "fixedDelay", maxRetryCount: -1, delayInterval: { seconds: 2 } },
    handler: followOrdersChangeFeed(ports),
  });
  app.serviceBusQueue("ProcessOrder", {
    connection: "ServiceBus",
    queueName: topology.queues.ordersDue.name,
    handler: processOrderQueue(ports),
  });
  app.timer("ReleaseOverdue", { schedule: "0 * * * * *", handler: releaseOverdueTimer(ports) });
}
