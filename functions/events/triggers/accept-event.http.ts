/** POST /events: one event in structured or binary mode, or a batch. */
import type { HttpHandler, HttpResponseInit } from "@azure/functions";
import { withBearer, withBoth, withScopeOrPlatformToken } from "../../platform/auth/policies.ts";
import {
  endpoint,
  type EndpointPorts,
  type EndpointRequest,
} from "../../platform/http/endpoint.ts";
import { problem } from "../../platform/http/problem.ts";
import { mayPublish, type PublishEventsPorts, storeEvents } from "../use-cases/publish-events.ts";
import { aboutAcceptEvent, aboutAcceptPlainEvent } from "./about-publishing.ts";
import { type Checked, checkEvent, type EventDialect, toNewEvent } from "./check-event.ts";
import { eventBodyOf } from "./event-body.ts";
import { eventCallerOf } from "./event-caller.ts";
import { badRequest, emptyAnswer, invalidRequest } from "./reference-answers.ts";

export interface AcceptEventHttpPorts extends EndpointPorts, PublishEventsPorts {}

const MAX_BATCH_IN_BYTES = 1024 * 1024;
const MAX_BATCH_COUNT = 1000;

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
      takesBytes: dialect === "strict",
      about: dialect === "strict" ? aboutAcceptEvent : aboutAcceptPlainEvent,
    },
    ports,
    async (request) => {
      if (request.bytes.length === 0 && !request.http.headers.has("ce-specversion")) {
        return invalidRequest(
          { "": ["A non-empty request body is required."] },
          request.traceparent,
        );
      }
      const body = eventBodyOf(request);
      if (body.kind === "single") {
        return acceptOne(ports, request, checkEvent(body.validation, dialect));
      }
      if (body.validations.length > MAX_BATCH_COUNT) {
        const detail = `A batch has at most ${MAX_BATCH_COUNT} events.`;
        return problem("payload-too-large", { detail });
      }
      const items = body.validations.map((validation) => checkEvent(validation, dialect));
      return acceptBatch(ports, request, items);
    },
  );
