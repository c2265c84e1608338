/** What is sent to which kind of end point. */
import type { CloudEvent } from "./cloud-event.ts";

/** One call of an end point. */
export interface WebhookCall {
  readonly url: URL;
  readonly body: string;
  /** The same for every attempt at the same delivery. */
  readonly deliveryId: string;
  /** The secret that the call is signed with, `whsec_…`. */
  readonly secrets: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** As many as the end point allows; any number when absent. */
  readonly callsPerMinute?: number;
}

/** Slack takes a text, not an event; the receiver is told by its host alone. */
export const isSlack = (url: URL): boolean => url.hostname === "hooks.slack.com";

/** The body that an end point gets. */
export function payloadFor(url: URL, event: CloudEvent): string {
  const json = JSON.stringify(event);
  return isSlack(url) ? JSON.stringify({ text: json }) : json;
}

/** The event by which an end point is asked whether it is there. */
export const validationEvent = (
  id: string,
  baseUrl: string,
  subscriptionId: number,
): CloudEvent => ({
  specversion: "1.0",
  id,
  source: `${baseUrl}/events/api/v1/subscriptions/${subscriptionId}`,
  type: "platform.events.validatesubscription",
});
