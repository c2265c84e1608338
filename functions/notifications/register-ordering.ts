/** Notifications, taking orders and showing what became of them. Read top to bottom. */
import type { app as functionApp, HttpHandler, HttpMethod } from "@azure/functions";
import { type OrderHttpPorts, placeOrderHttp } from "./triggers/place-order.http.ts";

type App = typeof functionApp;

/** Everything that taking and showing orders needs. */
export type OrderingPorts = OrderHttpPorts;

const BASE = "notifications/api/v1";

export function registerOrdering(app: App, ports: OrderingPorts): void {
  const http = (name: string, method: HttpMethod, route: string, handler: HttpHandler): void => {
    const options = { methods: [method], authLevel: "anonymous", handler } as const;
    app.http(name, { ...options, route: `${BASE}/${route}` });
  };
  http("PlaceOrder", "POST", "future/orders", placeOrderHttp(ports));
}
