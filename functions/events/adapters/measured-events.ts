/** Ports of this context that say, besides doing their work, how much and how fast. */
import type { Clock } from "../../kernel/ports.ts";
import { measure } from "../../platform/telemetry/metrics.ts";
import { carryOn } from "../../platform/telemetry/trace-context.ts";
import type { DeliveryLog, Notices, Webhooks } from "../domain/ports.ts";

/** Every call of a subscriber, by how it ended. */
export const measuredWebhooks = (webhooks: Webhooks): Webhooks => ({
  ...webhooks,
  async post(call) {
    const answer = await webhooks.post(call);
    const outcome =
      answer.kind === "answered" ? `${Math.floor(answer.status / 100)}xx` : "no-answer";
    measure("attempts", 1, { step: "push-event", outcome });
    return answer;
  },
});

/** From commit to the subscriber's yes. */
export const measuredDeliveries = (deliveries: DeliveryLog, clock: Clock): DeliveryLog => ({
  ...deliveries,
  async put(delivery) {
    await deliveries.put(delivery);
    if (delivery.state !== "delivered") return;
    measure("pushLatency", clock.now() - Date.parse(delivery.registeredAt));
  },
});

/** What is ordered hangs, in the trace of the event, below the push that orders it. */
export const tracedNotices = (notices: Notices): Notices => ({
  place: (notice) =>
    notices.place({ ...notice, traceparent: carryOn(notice.traceparent) ?? notice.traceparent }),
});
