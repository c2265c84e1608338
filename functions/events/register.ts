/** Events: accept → store → project and fan out → push, and the feeds. Read top to bottom. */
import type {
  app as functionApp,
  HttpHandler,
  HttpMethod,
  ServiceBusQueueHandler,
} from "@azure/functions";
import topology from "../../infra/topology.json" with { type: "json" };
import { openApiHttp, recordRoutes } from "../platform/http/openapi.ts";
import type { ConsumePorts } from "../platform/messaging/consume.ts";
import type { DatedDecisions } from "./domain/ports.ts";
import { acceptAppEventHttp, type AcceptAppEventPorts } from "./triggers/accept-app-event.http.ts";
import { acceptEventHttp } from "./triggers/accept-event.http.ts";
import { erasePartyHttp, type ErasePartyHttpPorts } from "./triggers/erase-party.http.ts";
import { handOnEventHttp, takeLogEntryHttp } from "./triggers/hand-on-event.http.ts";
import {
  countProgressChangeFeed,
  fanOutEventChangeFeed,
  type FollowEventsPorts,
  projectEventsChangeFeed,
} from "./triggers/follow-events.change-feed.ts";
import {
  createSubscriptionHttp,
  deleteSubscriptionHttp,
  getSubscriptionHttp,
  listDeliveriesHttp,
  listSubscriptionsHttp,
  type ManageSubscriptionsHttpPorts,
  markValidatedHttp,
  rotateSecretHttp,
} from "./triggers/manage-subscriptions.http.ts";
import {
  type KeepUpPorts,
  reconcileEventsTimer,
  retryParkedTimer,
} from "./triggers/keep-up.timer.ts";
import {
  changeSubscriptionHttp,
  explainDeliveryHttp,
  sendTestEventHttp,
} from "./triggers/inspect-subscription.http.ts";
import { fanOutToMainUnitQueue } from "./triggers/fan-out-to-main-unit.queue.ts";
import {
  pauseSubscriptionHttp,
  redriveDeliveriesHttp,
  resumeSubscriptionHttp,
} from "./triggers/park-subscription.http.ts";
import { pushEventQueue } from "./triggers/push-event.queue.ts";
import {
  backfillAnalyticsHttp,
  readAnalyticsHttp,
  type ReadAnalyticsPorts,
} from "./triggers/read-analytics.http.ts";
import { readAppFeedHttp, readPartyFeedHttp } from "./triggers/read-app-feeds.http.ts";
import { readConsumerFeedHttp } from "./triggers/read-consumer-feed.http.ts";
import {
  readInstanceEventsHttp,
  readPartyEventsHttp,
} from "./triggers/read-instance-events.http.ts";
import { readResourceFeedHttp } from "./triggers/read-resource-feed.http.ts";
import { receiveWebhookHttp } from "./triggers/receive-webhook.http.ts";
import { replayDeliveriesQueue } from "./triggers/replay-deliveries.queue.ts";
import {
  readSharedInstanceHttp,
  shareInstanceHttp,
  type ShareInstancePorts,
} from "./triggers/share-instance.http.ts";
import { validateSubscriptionQueue } from "./triggers/validate-subscription.queue.ts";
import type { PushEventPorts } from "./use-cases/push-event.ts";
import type { ReplayDeliveriesPorts } from "./use-cases/replay-deliveries.ts";

type App = typeof functionApp;

/** Everything that the steps of this context need; each step names its own part. */
export interface EventsPorts
  extends
    AcceptAppEventPorts,
    ShareInstancePorts,
    ManageSubscriptionsHttpPorts,
    FollowEventsPorts,
    ReadAnalyticsPorts,
    ErasePartyHttpPorts,
    KeepUpPorts,
    PushEventPorts,
    ReplayDeliveriesPorts,
    ConsumePorts {
  readonly decisions: DatedDecisions;
}

const BASE = "events/api/v1";

function registerHttp(
  app: App,
  name: string,
  method: HttpMethod,
  route: string,
  handler: HttpHandler,
): void {
  app.http(name, { methods: [method], route, authLevel: "anonymous", handler });
}

function registerAccepting(app: App, ports: EventsPorts): void {
  registerHttp(app, "AcceptEvent", "POST", `${BASE}/events`, acceptEventHttp(ports, "strict"));
  registerHttp(app, "AcceptPlainEvent", "POST", "events", acceptEventHttp(ports, "plain"));
  registerHttp(app, "AcceptAppEvent", "POST", `${BASE}/app`, acceptAppEventHttp(ports));
  const privateRoutes = {
    StoreEvent: "storage/events",
    AcceptInboundEvent: "inbound",
    AcceptOutboundEvent: "outbound",
  };
  for (const [name, path] of Object.entries(privateRoutes)) {
    registerHttp(app, name, "POST", `${BASE}/${path}`, handOnEventHttp(ports));
  }
  registerHttp(app, "TakeLogEntry", "POST", `${BASE}/storage/events/logs`, takeLogEntryHttp(ports));
}

/** All follow the same container, each with leases of its own: one cannot stop the other. */
function registerFollowing(app: App, ports: EventsPorts): void {
  const followers = {
    ProjectEvents: projectEventsChangeFeed(ports),
    FanOutEvent: fanOutEventChangeFeed(ports),
    CountProgress: countProgressChangeFeed(ports),
  };
  for (const [name, handler] of Object.entries(followers)) {
    app.cosmosDB(name, {
      connection: "Cosmos",
      databaseName: topology.database,
      containerName: topology.containers.events.name,
      leaseContainerName: topology.containers.leases.name,
      leaseContainerPrefix: name,
      createLeaseContainerIfNotExists: false,
      startFromBeginning: true,
      feedPollDelay: 200,
      maxItemsPerInvocation: 100,
      // Without it the real trigger passes over a batch that failed.
      retry: { strategy: "fixedDelay", maxRetryCount: -1, delayInterval: { seconds: 2 } },
      handler,
    });
  }
}

function registerQueue(
  app: App,
  name: string,
  queue: keyof typeof topology.queues,
  handler: ServiceBusQueueHandler,
): void {
  const queueName = topology.queues[queue].name;
  app.serviceBusQueue(name, { connection: "ServiceBus", queueName, handler });
}

function registerPushing(app: App, ports: EventsPorts): void {
  registerQueue(app, "FanOutToMainUnit", "unitFanOuts", fanOutToMainUnitQueue(ports));
  registerQueue(app, "PushEvent", "eventPushes", pushEventQueue(ports));
  registerQueue(app, "ReplayDeliveries", "subscriptionReplays", replayDeliveriesQueue(ports));
}

function registerFeeds(app: App, ports: EventsPorts): void {
  registerHttp(app, "ReadResourceFeed", "GET", `${BASE}/events`, readResourceFeedHttp(ports));
  registerHttp(app, "ReadPartyFeed", "GET", `${BASE}/app/party`, readPartyFeedHttp(ports));
  registerHttp(
    app,
    "ReadInstanceEvents",
    "GET",
    "events/instanceevents/{org}/{app}",
    readInstanceEventsHttp(ports),
  );
  registerHttp(
    app,
    "ReadPartyEvents",
    "POST",
    "events/instanceeventsforparty",
    readPartyEventsHttp(ports),
  );
  registerHttp(app, "ReadAppFeed", "GET", `${BASE}/app/{org}/{app}`, readAppFeedHttp(ports));
  const links = `${BASE}/app/{org}/{app}/instances/{party}/{instance}/links`;
  registerHttp(app, "ShareInstance", "POST", links, shareInstanceHttp(ports));
  const shared = "events/instanceeventsforinstance/{instanceId}";
  registerHttp(app, "ReadSharedInstance", "POST", shared, readSharedInstanceHttp(ports));
}

function registerAnalytics(app: App, ports: EventsPorts): void {
  const route = `${BASE}/analytics/{org}/{app}`;
  registerHttp(app, "ReadAnalytics", "GET", route, readAnalyticsHttp(ports));
  registerHttp(app, "BackfillAnalytics", "POST", `${route}/backfill`, backfillAnalyticsHttp(ports));
}

function registerUpkeep(app: App, ports: EventsPorts): void {
  const timers = {
    ReconcileEvents: { schedule: "0 */5 * * * *", handler: reconcileEventsTimer(ports) },
    RetryParkedChanges: { schedule: "30 */10 * * * *", handler: retryParkedTimer(ports) },
  };
  for (const [name, options] of Object.entries(timers)) app.timer(name, options);
  registerHttp(app, "EraseParty", "DELETE", `${BASE}/parties/{subject}`, erasePartyHttp(ports));
}

function registerSubscriptions(app: App, ports: EventsPorts): void {
  const all = `${BASE}/subscriptions`;
  const one = `${all}/{id}`;
  registerHttp(app, "CreateSubscription", "POST", all, createSubscriptionHttp(ports));
  registerHttp(app, "ListSubscriptions", "GET", all, listSubscriptionsHttp(ports));
  registerHttp(app, "ReadConsumerFeed", "GET", `${all}/feed`, readConsumerFeedHttp(ports));
  registerHttp(app, "GetSubscription", "GET", one, getSubscriptionHttp(ports));
  registerHttp(app, "DeleteSubscription", "DELETE", one, deleteSubscriptionHttp(ports));
  registerHttp(app, "ChangeSubscription", "PUT", one, changeSubscriptionHttp(ports));
  registerHttp(app, "SendTestEvent", "POST", `${one}/test`, sendTestEventHttp(ports));
  registerHttp(app, "ExplainDelivery", "GET", `${one}/explain`, explainDeliveryHttp(ports));
  registerHttp(app, "RotateSecret", "POST", `${one}/secret`, rotateSecretHttp(ports));
  registerHttp(app, "ListDeliveries", "GET", `${one}/deliveries`, listDeliveriesHttp(ports));
  registerHttp(app, "PauseSubscription", "POST", `${one}/pause`, pauseSubscriptionHttp(ports));
  registerHttp(app, "ResumeSubscription", "POST", `${one}/resume`, resumeSubscriptionHttp(ports));
  registerHttp(app, "RedriveDeliveries", "POST", `${one}/redrive`, redriveDeliveriesHttp(ports));
  registerHttp(app, "MarkValidated", "PUT", `${all}/validate/{id}`, markValidatedHttp(ports));
  const validate = validateSubscriptionQueue(ports);
  registerQueue(app, "ValidateSubscription", "subscriptionValidations", validate);
  registerHttp(
    app,
    "ReceiveWebhook",
    "POST",
    `${BASE}/tests/webhookreceiver`,
    receiveWebhookHttp(ports),
  );
}

export function registerEvents(app: App, ports: EventsPorts): void {
  const recorded = recordRoutes(app);
  registerAccepting(recorded.app, ports);
  registerFollowing(recorded.app, ports);
  registerPushing(recorded.app, ports);
  registerFeeds(recorded.app, ports);
  registerAnalytics(recorded.app, ports);
  registerSubscriptions(recorded.app, ports);
  registerUpkeep(recorded.app, ports);
  const info = { title: "Budstikke: events", version: "v1", url: ports.baseUrl };
  const openApi = openApiHttp(ports, info, recorded.routes);
  registerHttp(recorded.app, "EventsOpenApi", "GET", `${BASE}/openapi.json`, openApi);
}
