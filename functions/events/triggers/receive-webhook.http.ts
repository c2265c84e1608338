/** POST /tests/webhookreceiver: an end point that takes everything, for load tests. */
import type { HttpHandler } from "@azure/functions";
import { open } from "../../platform/auth/policies.ts";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import { aboutReceiveWebhook } from "./about-subscriptions.ts";
import { emptyAnswer } from "./reference-answers.ts";

export const receiveWebhookHttp = (ports: EndpointPorts): HttpHandler =>
  endpoint({ takes: "json", access: open, about: aboutReceiveWebhook }, ports, () =>
    Promise.resolve(emptyAnswer(200)),
  );
