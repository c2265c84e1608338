/** POST /events: one event in structured or binary mode, or a batch. */
import type { HttpHandler, HttpResponseInit } from "@azure/functions";
import { withBearer, withBoth, withScopeOrPlatformToken } from "../../platform/auth/policies.ts";
import {
  endpoint,
  type EndpointPorts,
  type EndpointRequest,
} from "../../platform/http/endpoint.ts";
import { problem } from "../../platform/http/problem.ts";
import { withImpliedResource } from "../domain/app-event.ts";
import {
  type CloudEvent,
  isAppResource,
  isUrn,
  type ResourceEvent,
} from "../domain/cloud-event.ts";
import type { NewEvent } from "../domain/stored-event.ts";
import type { EventValidation } from "../domain/validate-event.ts";
import { mayPublish, type PublishEventsPorts, storeEvents } from "../use-cases/publish-events.ts";
import { aboutAcceptEvent, aboutAcceptPlainEvent } from "./about-publishing.ts";
import { eventBodyOf } from "./event-body.ts";
import { eventCallerOf } from "./event-caller.ts";
import { badRequest, emptyAnswer, invalidRequest } from "./reference-answers.ts";

export interface AcceptEventHttpPorts extends EndpointPorts, PublishEventsPorts {}

/** `"plain"` also takes `application/json` and lets a relative source imply the resource, as the first design had it. */
export type EventDialect = "strict" | "plain";

const MAX_EVENT_IN_BYTES = 64 * 1024;
const MAX_BATCH_IN_BYTES = 1024 * 1024;
const MAX_BATCH_COUNT = 1000;

type Checked =
  | { readonly kind: "event"; readonly event: ResourceEvent; readonly isImplied: boolean }
  | { readonly kind: "unparsable"; readonly status: 400; readonly message: string }
  | { readonly kind: "refused"; readonly status: 400 | 413; readonly message: string };

const refused = (message: string, status: 400 | 413 = 400): Checked => ({
  kind: "refused",
  status,
  message,
});

function check(validation: EventValidation, dialect: EventDialect): Checked {
  if (validation.kind === "invalid") {
    return { kind: "unparsable", status: 400, message: validation.message };
  }
  const { event: given } = validation;
  const event: CloudEvent = dialect === "plain" ? withImpliedResource(given) : given;
  if (!event.resource) return refused("A 'resource' property must be defined.");
  // An app may have capital letters in its name; elsewhere a URN has none.
  const resource = isAppResource(event.resource) ? event.resource.toLowerCase() : event.resource;
  if (!isUrn(resource)) return refused("'Resource' must be a valid urn.");
  if (Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_IN_BYTES) {
    return refused(`An event has at most ${MAX_EVENT_IN_BYTES} bytes.`, 413);
  }
  const isImplied = given.resource === undefined;
  return { kind: "event", event: event as ResourceEvent, isImplied };
}

const toNewEvent = (
  { event, isImplied }: Extract<Checked, { kind: "event" }>,
  traceparent: string,
): NewEvent => {
  const own = event["traceparent"];
  return {
    event,
    isTimeOurs: isImplied,
    traceparent: typeof own === "string" && own !== "" ? own : traceparent,
  };
};

const refusal = (status: number, message: string, traceId: string): HttpResponseInit =>
  status === 413 ? problem("payload-too-large", { detail: message }) : badRequest(message, traceId);

async function acceptOne(
  ports: AcceptEventHttpPorts,
  request: EndpointRequest,
  checked: Checked,
): Promise<HttpResponseInit> {
  const { traceparent } = request;
  if (checked.kind === "unparsable") {
    return invalidRequest({ RequestBody: [checked.message] }, traceparent);
  }
  if (checked.kind === "refused") return refusal(checked.status, checked.message, traceparent);
  const [isPermitted] = await mayPublish(ports, eventCallerOf(request.caller), [checked.event]);
  if (!isPermitted) return emptyAnswer(403);
  await storeEvents(ports, [toNewEvent(checked, traceparent)]);
  return emptyAnswer(200);
}

interface ItemResult {
  readonly index: number;
  readonly status: number;
  readonly id?: string;
  readonly detail?: string;
}

async function acceptBatch(
  ports: AcceptEventHttpPorts,
  request: EndpointRequest,
  items: readonly Checked[],
): Promise<HttpResponseInit> {
  const good = items.filter((item) => item.kind === "event");
  const answers = await mayPublish(
    ports,
    eventCallerOf(request.caller),
    good.map(({ event }) => event),
  );
  const permitted = new Set<Checked>(good.filter((_, index) => answers[index]));
  const toStore = good.filter((item) => permitted.has(item));
  await storeEvents(
    ports,
    toStore.map((item) => toNewEvent(item, request.traceparent)),
  );
  const results = items.map((item, index): ItemResult => {
    if (item.kind !== "event") return { index, status: item.status, detail: item.message };
    return { index, status: permitted.has(item) ? 200 : 403, id: item.event.id };
  });
  const statuses = new Set(results.map(({ status }) => status));
  const [only = 200] = statuses;
  const status = statuses.size > 1 ? 207 : only;
  return status === 200 ? emptyAnswer(200) : { status, jsonBody: { results } };
}

export const acceptEventHttp = (ports: AcceptEventHttpPorts, dialect: EventDialect): HttpHandler =>
  endpoint(
    {
      takes: dialect === "strict" ? "cloudevents" : "json",
      access: withBoth(withBearer, withScopeOrPlatformToken("altinn:events.publish")),
      maxBodyInBytes: MAX_BATCH_IN_BYTES,
      about: dialect === "strict" ? aboutAcceptEvent : aboutAcceptPlainEvent,
    },
    ports,
    async (request) => {
      if (request.body === "" && !request.http.headers.has("ce-specversion")) {
        return invalidRequest(
          { "": ["A non-empty request body is required."] },
          request.traceparent,
        );
      }
      const body = eventBodyOf(request);
      if (body.kind === "single") {
        return acceptOne(ports, request, check(body.validation, dialect));
      }
      if (body.validations.length > MAX_BATCH_COUNT) {
        const detail = `A batch has at most ${MAX_BATCH_COUNT} events.`;
        return problem("payload-too-large", { detail });
      }
      const items = body.validations.map((validation) => check(validation, dialect));
      return acceptBatch(ports, request, items);
    },
  );
