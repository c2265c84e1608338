/** GET /future/shipment/{id}/forecast: when what waits for a provider's budget will have gone. */
import type { HttpHandler } from "@azure/functions";
import { z } from "zod";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import { isUuid } from "../domain/shipment-id.ts";
import { forecastShipment, type ForecastShipmentPorts } from "../use-cases/forecast-shipment.ts";
import { altinnProblemSchema } from "./about-orders.ts";
import { emptyAnswer, jsonAnswer, notificationProblem } from "./answers.ts";
import { createScopes, creatorOf, mayCreate } from "./creator.ts";
import { iso } from "./order-json.ts";

const about: OperationAbout = {
  summary: "When what waits will have gone",
  description: "By the provider's budget, its pauses and the send window, as they are known now.",
  tag: "Shipments",
  scopes: createScopes,
  path: z.object({ id: z.uuid() }),
  answers: {
    200: {
      description: "What waits, by channel; empty when nothing does.",
      content: {
        "application/json": z.object({
          shipmentId: z.uuid(),
          waiting: z.array(
            z.object({
              channel: z.enum(["email", "sms"]),
              count: z.int(),
              expectedAt: z.iso.datetime(),
            }),
          ),
        }),
      },
    },
    404: {
      description: "NOT-00003: the caller has no such shipment.",
      content: { "application/json": altinnProblemSchema },
    },
  },
};

export const forecastShipmentHttp = (ports: EndpointPorts & ForecastShipmentPorts): HttpHandler =>
  endpoint({ ...mayCreate, about }, ports, async ({ http, caller, traceparent }) => {
    const id = http.params["id"] ?? "";
    if (!isUuid(id)) return emptyAnswer(404);
    const creator = creatorOf(caller);
    if (creator === undefined) return emptyAnswer(403);
    const forecast = await forecastShipment(ports, creator, id);
    if (!forecast) return notificationProblem("NOT-00003", traceparent);
    return jsonAnswer(200, {
      shipmentId: forecast.shipmentId,
      waiting: forecast.waiting.map(({ channel, count, doneAt }) => ({
        channel,
        count,
        expectedAt: iso(doneAt),
      })),
    });
  });
