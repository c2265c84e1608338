/** Notifications, what follows from orders and is read: status feed, log, metrics. Read top to bottom. */
import type { app as functionApp, HttpHandler, HttpMethod } from "@azure/functions";
import type { EndpointPorts } from "../platform/http/endpoint.ts";
import { readStatusFeedHttp } from "./triggers/read-status-feed.http.ts";
import type { ReadStatusFeedPorts } from "./use-cases/read-status-feed.ts";

type App = typeof functionApp;

/** Everything that reading needs. */
export interface ReadingPorts extends EndpointPorts, ReadStatusFeedPorts {}

const BASE = "notifications/api/v1";

export function registerReading(app: App, ports: ReadingPorts): void {
  const http = (name: string, method: HttpMethod, route: string, handler: HttpHandler): void => {
    app.http(name, {
      methods: [method],
      authLevel: "anonymous",
      handler,
      route: `${BASE}/${route}`,
    });
  };
  http("ReadStatusFeed", "GET", "future/shipment/feed", readStatusFeedHttp(ports));
}
