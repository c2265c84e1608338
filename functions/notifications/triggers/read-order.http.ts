/** The first order API, reading and cancelling: whose order it is not, for him it is not there. */
import type { HttpHandler, HttpResponseInit } from "@azure/functions";
import {
  endpoint,
  type EndpointPorts,
  type EndpointRequest,
} from "../../platform/http/endpoint.ts";
import type { Channel, Order } from "../domain/order.ts";
import { isUuid } from "../domain/shipment-id.ts";
import { cancelOrder, type CancelOrderPorts } from "../use-cases/cancel-order.ts";
import { listOrders } from "../use-cases/list-orders.ts";
import { readOrder, readShipment } from "../use-cases/read-order.ts";
import {
  aboutCancelOrder,
  aboutListNotifications,
  aboutListOrders,
  aboutReadOrder,
  aboutReadOrderStatus,
} from "./about-reading.ts";
import { emptyAnswer, invalidRequest, jsonAnswer, plainProblem } from "./answers.ts";
import { creatorOf, mayCreate } from "./creator.ts";
import { toNotificationsJson, toOrderJson, toStatusJson } from "./order-json.ts";
import { queryValue } from "./requests/query.ts";

export interface ReadOrderHttpPorts extends EndpointPorts, CancelOrderPorts {
  readonly baseUrl: string;
}

/** Runs with the caller's short name and the id of the path. */
const withOrderId =
  (run: (creator: string, id: string, request: EndpointRequest) => Promise<HttpResponseInit>) =>
  async (request: EndpointRequest): Promise<HttpResponseInit> => {
    const id = request.http.params["id"] ?? "";
    if (!isUuid(id)) {
      return invalidRequest({ id: [`The value '${id}' is not valid.`] }, request.traceparent);
    }
    const creator = creatorOf(request.caller);
    return creator === undefined ? emptyAnswer(403) : run(creator, id, request);
  };

const answerWith = (
  order: Order | undefined,
  toJson: (order: Order) => object,
): HttpResponseInit => (order ? jsonAnswer(200, toJson(order)) : emptyAnswer(404));

export const readOrderHttp = (ports: ReadOrderHttpPorts): HttpHandler =>
  endpoint(
    { ...mayCreate, about: aboutReadOrder },
    ports,
    withOrderId(async (creator, id) =>
      answerWith(await readOrder(ports, creator, id), (it) => toOrderJson(ports.baseUrl, it)),
    ),
  );

export const readOrderStatusHttp = (ports: ReadOrderHttpPorts): HttpHandler =>
  endpoint(
    { ...mayCreate, about: aboutReadOrderStatus },
    ports,
    withOrderId(async (creator, id) =>
      answerWith(await readOrder(ports, creator, id), (it) => toStatusJson(ports.baseUrl, it)),
    ),
  );

export const listNotificationsHttp = (ports: ReadOrderHttpPorts, channel: Channel): HttpHandler =>
  endpoint(
    { ...mayCreate, about: aboutListNotifications(channel) },
    ports,
    withOrderId(async (creator, id) => {
      const found = await readShipment(ports, creator, id);
      return answerWith(found?.order, (it) =>
        toNotificationsJson(it, found?.notifications ?? [], channel),
      );
    }),
  );

export const cancelOrderHttp = (ports: ReadOrderHttpPorts): HttpHandler =>
  endpoint(
    { ...mayCreate, about: aboutCancelOrder },
    ports,
    withOrderId(async (creator, id, { traceparent }) => {
      const outcome = await cancelOrder(ports, creator, id);
      switch (outcome.kind) {
        case "cancelled":
          return jsonAnswer(200, toStatusJson(ports.baseUrl, outcome.order));
        case "too-late":
          return plainProblem(409, traceparent);
        case "absent":
          return plainProblem(404, traceparent);
      }
    }),
  );

const NO_REFERENCE = {
  sendersReference: ["A value for the 'sendersReference' parameter or property was not provided."],
};

export const listOrdersHttp = (ports: ReadOrderHttpPorts): HttpHandler =>
  endpoint({ ...mayCreate, about: aboutListOrders }, ports, async (request) => {
    const reference = queryValue(request.http, "sendersReference");
    if (!reference) return invalidRequest(NO_REFERENCE, request.traceparent);
    const creator = creatorOf(request.caller);
    if (creator === undefined) return emptyAnswer(403);
    const after = queryValue(request.http, "continuation");
    const { orders, continuation } = await listOrders(ports, creator, reference, after);
    return jsonAnswer(200, {
      count: orders.length,
      orders: orders.map((it) => toOrderJson(ports.baseUrl, it)),
      continuation,
    });
  });
