/** Ports of this context that say, besides doing their work, how much and how fast. */
import type { Clock } from "../../kernel/ports.ts";
import { count, record } from "../../platform/telemetry/metrics.ts";
import { carryOn } from "../../platform/telemetry/trace-context.ts";
import type { DeliveryLog, EventFeeds, EventStore, Notices, Webhooks } from "../domain/ports.ts";

/** Counts what is committed; a repeat is not. */
export const measuredStore = (store: EventStore): EventStore => ({
  ...store,
  async append(events) {
    const outcomes = await store.append(events);
    const stored = outcomes.filter((outcome) => outcome === "stored").length;
    if (stored > 0) count("accepted", stored, { kind: "event" });
    return outcomes;
  },
});

/** From commit to readable. */
export const measuredFeeds = (feeds: EventFeeds, clock: Clock): EventFeeds => ({
  ...feeds,
  async append(feed, events) {
    await feeds.append(feed, events);
    const now = clock.now();
    for (const { registeredAt } of events) record("projectionLag", now - Date.parse(registeredAt));
  },
});

/** Every call of a subscriber, by how it ended. */
export const measuredWebhooks = (webhooks: Webhooks): Webhooks => ({
  ...webhooks,
  async post(call) {
    const answer = await webhooks.post(call);
    const outcome =
      answer.kind === "answered" ? `${Math.floor(answer.status / 100)}xx` : "no-answer";
    count("attempts", 1, { step: "push-event", outcome });
    return answer;
  },
});

/** From commit to the subscriber's yes. */
export const measuredDeliveries = (deliveries: DeliveryLog, clock: Clock): DeliveryLog => ({
  ...deliveries,
  async put(delivery) {
    await deliveries.put(delivery);
    if (delivery.state !== "delivered") return;
    record("pushLatency", clock.now() - Date.parse(delivery.registeredAt));
  },
});

/** What is ordered hangs, in the trace of the event, below the push that orders it. */
export const tracedNotices = (notices: Notices): Notices => ({
  place: (notice) =>
    notices.place({ ...notice, traceparent: carryOn(notice.traceparent) ?? notice.traceparent }),
});
