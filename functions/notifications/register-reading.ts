/** Notifications, what follows from orders and is read: status feed, log, metrics. Read top to bottom. */
import type { app as functionApp, HttpHandler, HttpMethod } from "@azure/functions";
import topology from "../../infra/topology.json" with { type: "json" };
import type { FollowPorts } from "../platform/cosmos/follow-one-by-one.ts";
import type { EndpointPorts } from "../platform/http/endpoint.ts";
import type { ConsumePorts } from "../platform/messaging/consume.ts";
import type { OrderStore } from "./domain/ports.ts";
import { archiveMetricsTimer } from "./triggers/archive-metrics.timer.ts";
import { forecastShipmentHttp } from "./triggers/forecast-shipment.http.ts";
import {
  metricsFileHttp,
  metricsFormHttp,
  type MetricsHttpPorts,
  metricsOfMonthHttp,
} from "./triggers/metrics.http.ts";
import { projectNotificationsChangeFeed } from "./triggers/project-notifications.change-feed.ts";
import {
  type CallbackSecretPorts,
  readCallbackSecretHttp,
} from "./triggers/read-callback-secret.http.ts";
import { readOwnLogHttp } from "./triggers/read-own-log.http.ts";
import {
  readRecipientLogHttp,
  type ReadRecipientLogPorts,
} from "./triggers/read-recipient-log.http.ts";
import { readStatusFeedHttp } from "./triggers/read-status-feed.http.ts";
import {
  byAddress,
  byExternalIdentity,
  byOrganization,
  byPerson,
} from "./triggers/requests/support-rules.ts";
import { tellCreatorQueue } from "./triggers/tell-creator.queue.ts";
import type { ForecastShipmentPorts } from "./use-cases/forecast-shipment.ts";
import type { ProjectNotificationsPorts } from "./use-cases/project-notifications.ts";
import type { ReadStatusFeedPorts } from "./use-cases/read-status-feed.ts";
import type { TellCreatorPorts } from "./use-cases/tell-creator.ts";

type App = typeof functionApp;

/** Everything that reading needs. */
export interface ReadingPorts
  extends
    CallbackSecretPorts,
    ConsumePorts,
    EndpointPorts,
    FollowPorts,
    ForecastShipmentPorts,
    MetricsHttpPorts,
    ProjectNotificationsPorts,
    ReadRecipientLogPorts,
    ReadStatusFeedPorts,
    TellCreatorPorts {
  readonly orders: OrderStore;
}

const BASE = "notifications/api/v1";

type Register = (name: string, method: HttpMethod, route: string, handler: HttpHandler) => void;

function registerEndpoints(http: Register, ports: ReadingPorts): void {
  http("ReadStatusFeed", "GET", "future/shipment/feed", readStatusFeedHttp(ports));
  http("ForecastShipment", "GET", "future/shipment/{id}/forecast", forecastShipmentHttp(ports));
  http("ReadCallbackSecret", "GET", "future/callback-secret", readCallbackSecretHttp(ports));
  http("ReadOwnLog", "GET", "future/enduser/log", readOwnLogHttp(ports));
  const found = "future/dashboard/recipients/notifications";
  http("ReadLogOfPerson", "GET", `${found}/nin`, readRecipientLogHttp(ports, byPerson));
  http(
    "ReadLogOfOrganization",
    "GET",
    `${found}/orgnumber`,
    readRecipientLogHttp(ports, byOrganization),
  );
  http(
    "ReadLogOfExternalIdentity",
    "GET",
    `${found}/externalidentity`,
    readRecipientLogHttp(ports, byExternalIdentity),
  );
  http("ReadLogOfAddress", "GET", `${found}/address`, readRecipientLogHttp(ports, byAddress));
}

function registerMetrics(http: Register, ports: ReadingPorts): void {
  http("ChooseMetrics", "GET", "metrics", metricsFormHttp(ports));
  http("ShowMetrics", "POST", "metrics", metricsOfMonthHttp(ports));
  http("FetchEmailMetrics", "POST", "metrics/email", metricsFileHttp(ports, "email"));
  http("FetchSmsMetrics", "POST", "metrics/sms", metricsFileHttp(ports, "sms"));
}

/** Follows with leases of its own: no other follower of the same container can stop it. */
function registerProjection(app: App, ports: ReadingPorts): void {
  app.cosmosDB("ProjectNotifications", {
    connection: "Cosmos",
    databaseName: topology.database,
    containerName: topology.containers.orders.name,
    leaseContainerName: topology.containers.leases.name,
    leaseContainerPrefix: "ProjectNotifications",
    createLeaseContainerIfNotExists: false,
    startFromBeginning: true,
    feedPollDelay: 500,
    maxItemsPerInvocation: 100,
    // Without it the real trigger passes over a batch that failed.
    retry: { strategy: "fixedDelay", maxRetryCount: -1, delayInterval: { seconds: 2 } },
    handler: projectNotificationsChangeFeed(ports),
  });
}

export function registerReading(app: App, ports: ReadingPorts): void {
  const http: Register = (name, method, route, handler) => {
    app.http(name, {
      methods: [method],
      authLevel: "anonymous",
      handler,
      route: `${BASE}/${route}`,
    });
  };
  registerEndpoints(http, ports);
  registerMetrics(http, ports);
  registerProjection(app, ports);
  app.serviceBusQueue("TellCreator", {
    connection: "ServiceBus",
    queueName: topology.queues.statusCallbacks.name,
    handler: tellCreatorQueue(ports),
  });
  app.timer("ArchiveMetrics", { schedule: "0 20 * * * *", handler: archiveMetricsTimer(ports) });
}
