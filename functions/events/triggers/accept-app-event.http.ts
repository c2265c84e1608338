/** POST /app: an app tells that something happened to one of its instances. */
import type { HttpHandler } from "@azure/functions";
import { z } from "zod";
import type { NewId } from "../../kernel/ports.ts";
import { withBearer, withBoth, withPlatformToken } from "../../platform/auth/policies.ts";
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import { appEventOf, type AppEventRequest, isOwnSource } from "../domain/app-event.ts";
import type { ResourceEvent } from "../domain/cloud-event.ts";
import { validateEvent } from "../domain/validate-event.ts";
import { type PublishEventsPorts, storeEvents } from "../use-cases/publish-events.ts";
import { aboutAcceptAppEvent } from "./about-publishing.ts";
import { parseJson } from "./json-body.ts";
import { badRequest, invalidRequest, textAnswer } from "./reference-answers.ts";

export interface AcceptAppEventPorts extends EndpointPorts, PublishEventsPorts {
  readonly newId: NewId;
  /** The domain below which apps are served. */
  readonly appsDomain: string;
}

const text = z.string().nullish();

export const appEventSchema = z.object({
  source: text,
  specversion: text,
  type: text,
  subject: text,
  alternativesubject: text,
  data: z.unknown().optional(),
  dataschema: text,
  contenttype: text,
});

const MISSING = "Missing parameter values: source, subject and type cannot be null";

type Body = z.infer<typeof appEventSchema>;

const toRequest = (body: Body): AppEventRequest | undefined => {
  const { source, type, subject, specversion } = body;
  if (!source || !type || !subject || !specversion) return undefined;
  return {
    source,
    type,
    subject,
    data: body.data,
    ...(body.alternativesubject && { alternativesubject: body.alternativesubject }),
    ...(body.dataschema && { dataschema: body.dataschema }),
    ...(body.contenttype && { contenttype: body.contenttype }),
  };
};

export const acceptAppEventHttp = (ports: AcceptAppEventPorts): HttpHandler =>
  endpoint(
    {
      takes: "json",
      access: withBoth(withBearer, withPlatformToken),
      maxBodyInBytes: 64 * 1024,
      about: aboutAcceptAppEvent(appEventSchema),
    },
    ports,
    async ({ body, caller, traceparent }) => {
      const parsed = parseJson(appEventSchema, body);
      if (parsed.kind === "invalid") return invalidRequest(parsed.errors, traceparent);
      const request = toRequest(parsed.value);
      if (!request) return badRequest(MISSING, traceparent);
      const { issuer: org = "", app = "" } = caller.platformApp ?? {};
      if (!isOwnSource(request.source, { org, app }, ports.appsDomain)) {
        const message = `${org}/${app} is not authorized to create events for ${request.source}`;
        return textAnswer(401, message);
      }
      const validation = validateEvent(appEventOf(request, ports.newId()));
      if (validation.kind === "invalid") {
        return invalidRequest({ RequestBody: [validation.message] }, traceparent);
      }
      const event = validation.event as ResourceEvent;
      await storeEvents(ports, [{ event, isTimeOurs: true, traceparent }]);
      return textAnswer(201, event.id);
    },
  );
