/** Changes what a subscription is about, or where it pushes to; and sends a test event. */
import type { EventCaller } from "../domain/caller-subject.ts";
import type { CloudEvent } from "../domain/cloud-event.ts";
import type { WebhookAnswer } from "../domain/ports.ts";
import type { Subscription } from "../domain/subscription.ts";
import { payloadFor } from "../domain/webhook-payload.ts";
import { checkWish, type CreateSubscriptionPorts } from "./create-subscription.ts";
import {
  type Found,
  getSubscription,
  type ManageSubscriptionsPorts,
} from "./manage-subscriptions.ts";
import { secretsAt } from "./push-event.ts";
import type { Refusal, SubscriptionWish } from "./subscription-request.ts";

/** What changing needs. */
export type ChangeSubscriptionPorts = CreateSubscriptionPorts & ManageSubscriptionsPorts;

const wishOf = (it: Subscription): SubscriptionWish => ({
  endPoint: it.endPoint,
  resourceFilter: it.resourceFilter,
  includeSubunits: it.includeSubunits,
  ...(it.sourceFilter !== undefined && { sourceFilter: it.sourceFilter }),
  ...(it.subjectFilter !== undefined && { subjectFilter: it.subjectFilter }),
  ...(it.typeFilter !== undefined && { typeFilter: it.typeFilter }),
  ...(it.typeFilters !== undefined && { typeFilters: it.typeFilters }),
});

/** A changed subscription, or why it stays as it is. */
export type Change = Found | Refusal;

/**
 * Changes the caller's own subscription. What the wish does not name stays. A new end point is asked whether it is
 * there; until it has answered nothing is pushed, and what happens meanwhile is not made up for.
 */
export async function changeSubscription(
  ports: ChangeSubscriptionPorts,
  caller: EventCaller,
  id: number,
  wish: SubscriptionWish,
): Promise<Change> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  const before = found.thing;
  const checked = await checkWish(ports, caller, { ...wishOf(before), ...wish });
  if ("kind" in checked) return checked;
  const { consumer, createdBy, created, secret, previousSecret } = before;
  const isSameEndPoint = checked.endPoint === before.endPoint;
  const thing: Subscription = {
    ...checked,
    id,
    consumer,
    createdBy,
    created,
    secret,
    ...(previousSecret && { previousSecret }),
    validated: before.validated && isSameEndPoint,
    authenticationLevel: caller.authenticationLevel,
  };
  await ports.subscriptions.replace(thing);
  if (!isSameEndPoint) await ports.queues.requestValidation(id, ports.newId());
  return { kind: "found", thing };
}

/** Sends a test event to the end point of the caller's own subscription, at once and once. */
export async function sendTestEvent(
  ports: ChangeSubscriptionPorts & { readonly baseUrl: string },
  caller: EventCaller,
  id: number,
): Promise<Found<WebhookAnswer>> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  const subscription = found.thing;
  if (subscription.endPoint.startsWith("feed:")) {
    return { kind: "found", thing: { kind: "answered", status: 200, excerpt: "" } };
  }
  const url = new URL(subscription.endPoint);
  const event: CloudEvent = {
    specversion: "1.0",
    id: ports.newId(),
    source: `${ports.baseUrl}/events/api/v1/subscriptions/${id}`,
    type: "platform.events.test",
    resource: subscription.resourceFilter,
    time: new Date(ports.clock.now()).toISOString(),
  };
  const thing = await ports.webhooks.post({
    url,
    body: payloadFor(url, event),
    deliveryId: event.id,
    secrets: secretsAt(subscription, ports.clock.now()),
    headers: {},
  });
  return { kind: "found", thing };
}
