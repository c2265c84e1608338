/** The private routes by which the reference's own workers hand on events: each stores, and the rest follows by itself. */
import type { HttpHandler } from "@azure/functions";
import { z } from "zod";
import { RetryLater } from "../../kernel/failures.ts";
import { withTokenOfPlatform } from "../../platform/auth/policies.ts";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import { problemContent } from "../../platform/http/openapi.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import type { PublishEventsPorts } from "../use-cases/publish-events.ts";
import { storeEvents } from "../use-cases/publish-events.ts";
import { aboutHandOn } from "./about-publishing.ts";
import { checkEvent, toNewEvent } from "./check-event.ts";
import { eventBodyOf } from "./event-body.ts";
import { parseJson } from "./json-body.ts";
import { badRequest, emptyAnswer, invalidRequest, textAnswer } from "./reference-answers.ts";

/** `POST storage/events`, `inbound` and `outbound`: an event that is stored already is only confirmed. */
export const handOnEventHttp = (ports: EndpointPorts & PublishEventsPorts): HttpHandler =>
  endpoint(
    { takes: "cloudevents", access: withTokenOfPlatform, about: aboutHandOn },
    ports,
    async (request) => {
      const { traceparent } = request;
      if (request.bytes.length === 0 && !request.http.headers.has("ce-specversion")) {
        return invalidRequest({ "": ["A non-empty request body is required."] }, traceparent);
      }
      const body = eventBodyOf(request);
      if (body.kind === "batch") return badRequest("One event at a time.", traceparent);
      const checked = checkEvent(body.validation, "strict");
      if (checked.kind === "unparsable") {
        return invalidRequest({ RequestBody: [checked.message] }, traceparent);
      }
      if (checked.kind === "refused") return badRequest(checked.message, traceparent);
      try {
        await storeEvents(ports, [toNewEvent(checked, traceparent)]);
      } catch (error) {
        if (!(error instanceof RetryLater)) throw error;
        return textAnswer(503, `Failed to save event with ID ${checked.event.id} to storage.`);
      }
      return emptyAnswer(200);
    },
  );

/** The reference takes numbers as text, too. */
const number = z.union([z.number(), z.string().regex(/^-?\d{1,15}$/)]).nullish();

export const deliveryEntrySchema = z.object({
  cloudEventId: z.guid().nullish(),
  cloudEventResource: z.string().nullish(),
  cloudEventType: z.string().nullish(),
  subscriptionId: number,
  consumer: z.string().nullish(),
  endpoint: z.string().nullish(),
  statusCode: number,
  isSuccessStatusCode: z.boolean().nullish(),
});

const aboutLog: OperationAbout = {
  summary: "Take a log entry of the reference's own workers",
  description:
    "Private. The entry is checked and dropped: deliveries of this service are logged where they happen.",
  tag: "Private",
  body: { "application/json": deliveryEntrySchema },
  answers: {
    201: { description: "Taken. Without a body." },
    400: { description: "Event id, end point or status is missing.", content: problemContent },
  },
};

/** `POST storage/events/logs`. */
export const takeLogEntryHttp = (ports: EndpointPorts): HttpHandler =>
  endpoint({ takes: "json", access: withTokenOfPlatform, about: aboutLog }, ports, (request) => {
    const parsed = parseJson(deliveryEntrySchema, request.body);
    if (parsed.kind === "invalid") {
      return Promise.resolve(invalidRequest(parsed.errors, request.traceparent));
    }
    const { cloudEventId, endpoint: url, statusCode } = parsed.value;
    const isWhole = Boolean(cloudEventId && url && statusCode);
    return Promise.resolve(isWhole ? emptyAnswer(201) : badRequest(undefined, request.traceparent));
  });
