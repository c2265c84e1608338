/** Work of this context on Service Bus; the message ids say what the work is. */
import topology from "../../../infra/topology.json" with { type: "json" };
import { derivedUuid } from "../../kernel/derived-id.ts";
import type { MessageSender } from "../../platform/messaging/service-bus.ts";
import type { EventQueues } from "../domain/ports.ts";

const { eventPushes, subscriptionReplays, subscriptionValidations, unitFanOuts } = topology.queues;

export const createServiceBusEventQueues = (messages: MessageSender): EventQueues => ({
  requestPushes: (pushes) =>
    messages.send(
      eventPushes.name,
      pushes.map(({ traceparent, ...body }) => ({
        id: derivedUuid("push", String(body.subscriptionId), body.key, body.round),
        body,
        ...(traceparent !== undefined && { traceparent }),
      })),
    ),
  requestUnitFanOut: ({ traceparent, ...body }) =>
    messages.send(unitFanOuts.name, [
      {
        id: derivedUuid("unit-fan-out", body.subject, body.key),
        body,
        ...(traceparent !== undefined && { traceparent }),
      },
    ]),
  requestValidation: (subscriptionId, requestId) =>
    messages.send(subscriptionValidations.name, [
      {
        id: derivedUuid("validate", String(subscriptionId), requestId),
        body: { subscriptionId },
      },
    ]),
  requestReplay: (body, dueAt) =>
    messages.send(subscriptionReplays.name, [
      {
        id: derivedUuid("replay", String(body.subscriptionId), body.round, String(body.page)),
        body,
        ...(dueAt !== undefined && { dueAt }),
      },
    ]),
});
