/** What the endpoints that take events say of themselves in the API's document. */
import { z } from "zod";
import { problemContent } from "../../platform/http/openapi.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";

/** An event in JSON; further attributes are extensions. The validator of the domain checks more than a schema can say. */
export const cloudEventSchema = z
  .looseObject({
    specversion: z.literal("1.0"),
    id: z.string().min(1),
    source: z.string().min(1).meta({ format: "uri-reference" }),
    type: z.string().min(1),
    subject: z.string().min(1).optional(),
    time: z.string().optional().meta({ format: "date-time" }),
    datacontenttype: z.string().min(1).optional(),
    dataschema: z.string().min(1).optional().meta({ format: "uri" }),
    resource: z.string().optional().meta({ description: "URN of what the event belongs to." }),
    resourceinstance: z.string().optional(),
    alternativesubject: z.string().optional(),
    dataref: z.string().min(1).optional().meta({ format: "uri-reference" }),
    traceparent: z.string().optional(),
    data: z.unknown().optional(),
    data_base64: z.string().optional(),
  })
  .meta({ id: "CloudEvent" });

const batchResultSchema = z.object({
  results: z.array(
    z.object({
      index: z.number().int(),
      status: z.number().int(),
      id: z.string().optional(),
      detail: z.string().optional(),
    }),
  ),
});

const TAG = "Publish";

const answers: OperationAbout["answers"] = {
  200: { description: "Stored; now or by an earlier request. Without a body." },
  207: {
    description: "A batch whose events fared differently: one result for each.",
    content: { "application/json": batchResultSchema },
  },
  400: { description: "Not a valid event.", content: problemContent },
};

/** `POST /events/api/v1/events`. */
export const aboutAcceptEvent: OperationAbout = {
  summary: "Publish events",
  description:
    "CloudEvents 1.0 in structured, batched or binary mode; at most 64 KiB an event and 1 MiB a batch. " +
    "The same source and id is stored once and pushed once. The events of a batch about one subject are stored " +
    "together or not at all.",
  tag: TAG,
  scopes: ["altinn:events.publish"],
  body: {
    "application/cloudevents+json": cloudEventSchema,
    "application/cloudevents-batch+json": z.array(cloudEventSchema).max(1000),
    "*/*": z.unknown().meta({
      description:
        "Binary mode: the body is the data, attributes are headers that begin with `ce-`.",
    }),
  },
  answers,
};

/** `POST /events`. */
export const aboutAcceptPlainEvent: OperationAbout = {
  ...aboutAcceptEvent,
  summary: "Publish events, as the first design has it",
  description:
    "Takes `application/json` too. A relative source `/{org}/{app}/{party}/{instance}` implies the resource, and the " +
    "service sets `time`.",
  body: {
    "application/json": cloudEventSchema,
    "application/cloudevents+json": cloudEventSchema,
    "application/cloudevents-batch+json": z.array(cloudEventSchema).max(1000),
  },
};

/** `POST /events/api/v1/app`. */
export const aboutAcceptAppEvent = (body: z.ZodObject): OperationAbout => ({
  summary: "Publish an event of an app",
  description: "Id, time and resource are set by the service; the source must be the app's own.",
  tag: TAG,
  body: { "application/json": body },
  answers: {
    201: { description: "The event's id.", content: { "application/json": z.string() } },
    400: { description: "Something is missing.", content: problemContent },
    401: { description: "No valid token, or the source is not the app's own." },
  },
});

/** The routes by which the reference's own workers hand on events. */
export const aboutHandOn: OperationAbout = {
  summary: "Store an event, for the platform's own components",
  description: "Private: needs a platform access token of the platform itself. Safe to repeat.",
  tag: "Private",
  body: { "application/cloudevents+json": cloudEventSchema },
  answers: {
    200: { description: "Stored; now or before. Without a body." },
    400: { description: "Not a valid event.", content: problemContent },
  },
};
