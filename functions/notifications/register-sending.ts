/** The map, third part: a due notification is sent, its reports are recorded, finished orders are published. */
import type { app as functionApp, ServiceBusQueueHandler } from "@azure/functions";
import topology from "../../infra/topology.json" with { type: "json" };
import type { FollowPorts } from "../platform/cosmos/follow-one-by-one.ts";
import type { ConsumePorts } from "../platform/messaging/consume.ts";
import type { OrderStore } from "./domain/ports.ts";
import { checkEmailQueue } from "./triggers/check-email.queue.ts";
import { publishStatusChangeFeed } from "./triggers/publish-status.change-feed.ts";
import { recordDeliveryEventGrid } from "./triggers/record-delivery.event-grid.ts";
import { recordDeliveryQueue } from "./triggers/record-delivery.queue.ts";
import {
  recordSmsDeliveryHttp,
  type RecordSmsDeliveryPorts,
} from "./triggers/record-sms-delivery.http.ts";
import { sendEmailQueue, sendSmsQueue } from "./triggers/send-notification.queue.ts";
import type { CheckEmailPorts } from "./use-cases/check-email.ts";
import type { PublishStatusPorts } from "./use-cases/publish-status.ts";
import type { SendEmailPorts } from "./use-cases/send-email.ts";
import type { SendSmsPorts } from "./use-cases/send-sms.ts";

type App = typeof functionApp;

export interface SendingPorts
  extends
    ConsumePorts,
    FollowPorts,
    SendEmailPorts,
    SendSmsPorts,
    CheckEmailPorts,
    RecordSmsDeliveryPorts,
    PublishStatusPorts {
  readonly orders: OrderStore;
}

const { queues } = topology;

function registerQueue(
  app: App,
  name: string,
  queueName: string,
  handler: ServiceBusQueueHandler,
): void {
  app.serviceBusQueue(name, { connection: "ServiceBus", queueName, handler });
}

/** Two lanes a channel: what many are told at once waits behind what one is told. */
function registerLanes(app: App, ports: SendingPorts): void {
  const { emailSends, emailSendsBulk, smsSends, smsSendsBulk, emailChecks } = queues;
  registerQueue(app, "SendEmail", emailSends.name, sendEmailQueue(ports, emailSends.name));
  registerQueue(
    app,
    "SendBulkEmail",
    emailSendsBulk.name,
    sendEmailQueue(ports, emailSendsBulk.name),
  );
  registerQueue(app, "SendSms", smsSends.name, sendSmsQueue(ports, smsSends.name));
  registerQueue(app, "SendBulkSms", smsSendsBulk.name, sendSmsQueue(ports, smsSendsBulk.name));
  registerQueue(app, "CheckEmail", emailChecks.name, checkEmailQueue(ports));
}

function registerRecording(app: App, ports: SendingPorts): void {
  const { emailReports, smsReports } = topology.eventSubscriptions;
  for (const { functionName } of [emailReports, smsReports]) {
    app.eventGrid(functionName, { handler: recordDeliveryEventGrid(ports) });
  }
  app.http("RecordSmsDelivery", {
    methods: ["POST"],
    route: "notifications/sms/api/v1/reports",
    authLevel: "anonymous",
    handler: recordSmsDeliveryHttp(ports),
  });
  registerQueue(
    app,
    "RecordDelayedDelivery",
    queues.deliveryReports.name,
    recordDeliveryQueue(ports),
  );
}

/** Follows with leases of its own: no other follower of the same container can stop it. */
function registerPublishing(app: App, ports: SendingPorts): void {
  app.cosmosDB("PublishStatus", {
    connection: "Cosmos",
    databaseName: topology.database,
    containerName: topology.containers.orders.name,
    leaseContainerName: topology.containers.leases.name,
    leaseContainerPrefix: "PublishStatus",
    createLeaseContainerIfNotExists: false,
    startFromBeginning: true,
    feedPollDelay: 200,
    maxItemsPerInvocation: 100,
    // Without it the real trigger passes over a batch that failed.
    retry: { strategy: "fixedDelay", maxRetryCount: -1, delayInterval: { seconds: 2 } },
    handler: publishStatusChangeFeed(ports),
  });
}

/** Send → record → publish. */
export function registerSending(app: App, ports: SendingPorts): void {
  registerLanes(app, ports);
  registerRecording(app, ports);
  registerPublishing(app, ports);
}
