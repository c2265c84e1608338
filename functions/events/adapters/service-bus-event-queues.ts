/** Work of this context on Service Bus; the message ids say what the work is. */
import topology from "../../../infra/topology.json" with { type: "json" };
import { derivedUuid } from "../../kernel/derived-id.ts";
import type { MessageSender } from "../../platform/messaging/service-bus.ts";
import type { EventQueues } from "../domain/ports.ts";

const { eventPushes, subscriptionValidations } = topology.queues;

export const createServiceBusEventQueues = (messages: MessageSender): EventQueues => ({
  requestPushes: (pushes, redriveId) =>
    messages.send(
      eventPushes.name,
      pushes.map(({ traceparent, ...body }) => ({
        id: derivedUuid("push", String(body.subscriptionId), body.key, redriveId ?? ""),
        body,
        traceparent,
      })),
    ),
  requestValidation: (subscriptionId, requestId) =>
    messages.send(subscriptionValidations.name, [
      {
        id: derivedUuid("validate", String(subscriptionId), requestId),
        body: { subscriptionId },
      },
    ]),
});
