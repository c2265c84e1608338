/** Operations over HTTP: messages that were given up are shown with their reason, and put back by one call. */
import type { HttpHandler } from "@azure/functions";
import topology from "../../../infra/topology.json" with { type: "json" };
import { endpoint, type EndpointPorts } from "../../platform/http/endpoint.ts";
import type { DeadLetters } from "../domain/operations-ports.ts";
import {
  aboutListDeadLetters,
  aboutRedriveDeadLetters,
  redriveDeadLettersSchema,
} from "./about-operations.ts";
import { invalidRequest, jsonAnswer } from "./answers.ts";
import { mayInspect, mayOperate } from "./operator.ts";
import { readLimit } from "./operate-parked.http.ts";
import { iso } from "./order-json.ts";
import { bind } from "./requests/bind.ts";
import { queryValue } from "./requests/query.ts";

export interface OperateDeadLettersPorts extends EndpointPorts {
  readonly deadLetters: DeadLetters;
}

const { queues } = topology;

/** The queues of this context. */
const own: readonly string[] = [
  queues.ordersDue,
  queues.emailSends,
  queues.emailSendsBulk,
  queues.smsSends,
  queues.smsSendsBulk,
  queues.emailChecks,
  queues.deliveryReports,
  queues.statusCallbacks,
].map(({ name }) => name);

/** The one that is asked for, or all; `undefined` when it is none of this context. */
function chosenQueues(queue: string | undefined): readonly string[] | undefined {
  if (queue === undefined) return own;
  return own.includes(queue) ? [queue] : undefined;
}

const unknownQueue = { queue: [`There are these queues: ${own.join(", ")}.`] };

export const listDeadLettersHttp = (ports: OperateDeadLettersPorts): HttpHandler =>
  endpoint({ ...mayInspect, about: aboutListDeadLetters }, ports, async ({ http, traceparent }) => {
    const limit = readLimit(http);
    if (typeof limit !== "number") return invalidRequest(limit.errors, traceparent);
    const chosen = chosenQueues(queryValue(http, "queue"));
    if (!chosen) return invalidRequest(unknownQueue, traceparent);
    const lists = await Promise.all(chosen.map((queue) => ports.deadLetters.list(queue, limit)));
    return jsonAnswer(200, {
      items: lists.flat().map((it) => ({ ...it, enqueuedAt: iso(it.enqueuedAt) })),
    });
  });

export const redriveDeadLettersHttp = (ports: OperateDeadLettersPorts): HttpHandler =>
  endpoint(
    { ...mayOperate, takes: "json", about: aboutRedriveDeadLetters },
    ports,
    async ({ body, traceparent }) => {
      const bound = bind(redriveDeadLettersSchema, body === "" ? "{}" : body, "request");
      if (bound.kind === "refused") return invalidRequest(bound.errors, traceparent);
      const { queue, sequenceNumber } = bound.value;
      const chosen = chosenQueues(queue);
      if (!chosen || (queue === undefined && sequenceNumber !== undefined)) {
        return invalidRequest(unknownQueue, traceparent);
      }
      let redriven = 0;
      for (const one of chosen) redriven += await ports.deadLetters.redrive(one, sequenceNumber);
      return jsonAnswer(200, { redriven });
    },
  );
