/** Notifications, taking orders and showing what became of them. Read top to bottom. */
import type { app as functionApp, HttpHandler, HttpMethod } from "@azure/functions";
import {
  placeInstantEmailHttp,
  placeInstantOrderHttp,
  type PlaceInstantOrderHttpPorts,
  placeInstantSmsHttp,
} from "./triggers/place-instant-order.http.ts";
import {
  placeLegacyEmailOrderHttp,
  placeLegacyOrderHttp,
  placeLegacySmsOrderHttp,
} from "./triggers/place-legacy-order.http.ts";
import {
  placeComposedEmailHttp,
  placeOrderHttp,
  type PlaceOrderHttpPorts,
} from "./triggers/place-order.http.ts";

type App = typeof functionApp;

/** Everything that taking and showing orders needs. */
export interface OrderingPorts extends PlaceOrderHttpPorts, PlaceInstantOrderHttpPorts {}

type Register = (name: string, method: HttpMethod, route: string, handler: HttpHandler) => void;

function registerPlacing(http: Register, ports: OrderingPorts): void {
  http("PlaceOrder", "POST", "future/orders", placeOrderHttp(ports));
  http("PlaceComposedEmail", "POST", "future/orders/composed-email", placeComposedEmailHttp(ports));
  http("PlaceInstantOrder", "POST", "future/orders/instant", placeInstantOrderHttp(ports));
  http("PlaceInstantSms", "POST", "future/orders/instant/sms", placeInstantSmsHttp(ports));
  http("PlaceInstantEmail", "POST", "future/orders/instant/email", placeInstantEmailHttp(ports));
  http("PlaceLegacyOrder", "POST", "orders", placeLegacyOrderHttp(ports));
  http("PlaceLegacyEmailOrder", "POST", "orders/email", placeLegacyEmailOrderHttp(ports));
  http("PlaceLegacySmsOrder", "POST", "orders/sms", placeLegacySmsOrderHttp(ports));
}

export function registerOrdering(app: App, ports: OrderingPorts): void {
  const http: Register = (name, method, route, handler) => {
    const path = `notifications/api/v1/${route}`;
    app.http(name, { methods: [method], route: path, authLevel: "anonymous", handler });
  };
  registerPlacing(http, ports);
}
