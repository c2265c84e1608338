/** Notifications, taking orders and showing what became of them. Read top to bottom. */
import type { app as functionApp, HttpHandler, HttpMethod } from "@azure/functions";
import { dryRunOrderHttp, type DryRunHttpPorts } from "./triggers/dry-run-order.http.ts";
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

import {
  cancelOrderHttp,
  listNotificationsHttp,
  listOrdersHttp,
  readOrderHttp,
  type ReadOrderHttpPorts,
  readOrderStatusHttp,
} from "./triggers/read-order.http.ts";
import { cancelChainHttp, readChainHttp, readShipmentHttp } from "./triggers/read-shipment.http.ts";

type App = typeof functionApp;

/** Everything that taking and showing orders needs. */
export interface OrderingPorts
  extends PlaceOrderHttpPorts, PlaceInstantOrderHttpPorts, DryRunHttpPorts, ReadOrderHttpPorts {}

type Register = (name: string, method: HttpMethod, route: string, handler: HttpHandler) => void;

function registerPlacing(http: Register, ports: OrderingPorts): void {
  http("PlaceOrder", "POST", "future/orders", placeOrderHttp(ports));
  http("DryRunOrder", "POST", "future/orders/dry-run", dryRunOrderHttp(ports));
  http("PlaceComposedEmail", "POST", "future/orders/composed-email", placeComposedEmailHttp(ports));
  http("PlaceInstantOrder", "POST", "future/orders/instant", placeInstantOrderHttp(ports));
  http("PlaceInstantSms", "POST", "future/orders/instant/sms", placeInstantSmsHttp(ports));
  http("PlaceInstantEmail", "POST", "future/orders/instant/email", placeInstantEmailHttp(ports));
  http("PlaceLegacyOrder", "POST", "orders", placeLegacyOrderHttp(ports));
  http("PlaceLegacyEmailOrder", "POST", "orders/email", placeLegacyEmailOrderHttp(ports));
  http("PlaceLegacySmsOrder", "POST", "orders/sms", placeLegacySmsOrderHttp(ports));
}

function registerReading(http: Register, ports: OrderingPorts): void {
  http("ReadShipment", "GET", "future/shipment/{id}", readShipmentHttp(ports));
  http("ReadChain", "GET", "future/orders/{id}", readChainHttp(ports));
  http("CancelChain", "PUT", "future/orders/{id}/cancel", cancelChainHttp(ports));
  http("ListOrders", "GET", "orders", listOrdersHttp(ports));
  http("ReadOrder", "GET", "orders/{id}", readOrderHttp(ports));
  http("ReadOrderStatus", "GET", "orders/{id}/status", readOrderStatusHttp(ports));
  http("CancelOrder", "PUT", "orders/{id}/cancel", cancelOrderHttp(ports));
  const notifications = "orders/{id}/notifications";
  http("ListEmails", "GET", `${notifications}/email`, listNotificationsHttp(ports, "email"));
  http("ListSms", "GET", `${notifications}/sms`, listNotificationsHttp(ports, "sms"));
}

export function registerOrdering(app: App, ports: OrderingPorts): void {
  const http: Register = (name, method, route, handler) => {
    const path = `notifications/api/v1/${route}`;
    app.http(name, { methods: [method], route: path, authLevel: "anonymous", handler });
  };
  registerPlacing(http, ports);
  registerReading(http, ports);
}
