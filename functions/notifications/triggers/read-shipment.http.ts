/** Shipments and chains, reading and cancelling: whose they are not, for him they are not there. */
import type { HttpHandler, HttpResponseInit } from "@azure/functions";
import { endpoint, type EndpointRequest } from "../../platform/http/endpoint.ts";
import { isUuid } from "../domain/shipment-id.ts";
import { cancelChain } from "../use-cases/cancel-order.ts";
import { readChain, readShipment } from "../use-cases/read-order.ts";
import { aboutCancelChain, aboutReadChain, aboutReadShipment } from "./about-reading.ts";
import { emptyAnswer, jsonAnswer, notificationProblem, plainProblem } from "./answers.ts";
import { creatorOf, mayCreate } from "./creator.ts";
import type { ReadOrderHttpPorts } from "./read-order.http.ts";
import { toChainJson, toShipmentJson } from "./shipment-json.ts";

/** A path with anything but a UUID is no path of this API. */
const withId =
  (run: (creator: string, id: string, traceId: string) => Promise<HttpResponseInit>) =>
  async ({ http, caller, traceparent }: EndpointRequest): Promise<HttpResponseInit> => {
    const id = http.params["id"] ?? "";
    if (!isUuid(id)) return emptyAnswer(404);
    const creator = creatorOf(caller);
    return creator === undefined ? emptyAnswer(403) : run(creator, id, traceparent);
  };

export const readShipmentHttp = (ports: ReadOrderHttpPorts): HttpHandler =>
  endpoint(
    { ...mayCreate, about: aboutReadShipment },
    ports,
    withId(async (creator, id, traceId) => {
      const found = await readShipment(ports, creator, id);
      if (!found) return notificationProblem("NOT-00003", traceId);
      return jsonAnswer(200, toShipmentJson(found.order, found.notifications));
    }),
  );

async function answerWithChain(
  ports: ReadOrderHttpPorts,
  creator: string,
  id: string,
  traceId: string,
): Promise<HttpResponseInit> {
  const found = await readChain(ports, creator, id);
  return found
    ? jsonAnswer(200, toChainJson(found.chain, found.orders))
    : plainProblem(404, traceId);
}

export const readChainHttp = (ports: ReadOrderHttpPorts): HttpHandler =>
  endpoint(
    { ...mayCreate, about: aboutReadChain },
    ports,
    withId((creator, id, traceId) => answerWithChain(ports, creator, id, traceId)),
  );

export const cancelChainHttp = (ports: ReadOrderHttpPorts): HttpHandler =>
  endpoint(
    { ...mayCreate, about: aboutCancelChain },
    ports,
    withId(async (creator, id, traceId) => {
      const outcome = await cancelChain(ports, creator, id);
      return outcome === "too-late"
        ? plainProblem(409, traceId)
        : answerWithChain(ports, creator, id, traceId);
    }),
  );
