/** Changes what a subscription is about, or where it pushes to; and sends a test event. */
import { PermanentFailure } from "../../kernel/failures.ts";
import type { Clock, NewId } from "../../kernel/ports.ts";
import type { EventCaller } from "../domain/caller-subject.ts";
import type { ResourceEvent } from "../domain/cloud-event.ts";
import { storedEndPoint } from "../domain/end-point.ts";
import { noticeOf } from "../domain/notice.ts";
import type { Notices, WebhookAnswer } from "../domain/ports.ts";
import { isSameWish, type Subscription } from "../domain/subscription.ts";
import { redirect, refilter } from "../domain/subscription-state.ts";
import { payloadFor } from "../domain/webhook-payload.ts";
import { checkWish, type CreateSubscriptionPorts } from "./create-subscription.ts";
import { secretsAt } from "./deliver-event.ts";
import {
  type Found,
  getSubscription,
  type ManageSubscriptionsPorts,
} from "./manage-subscriptions.ts";
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
  ...(it.sourcePrefixes !== undefined && { sourcePrefixes: it.sourcePrefixes }),
});

/** A changed subscription, or why it stays as it is. */
export type Change = Found | Refusal;

/** What is wanted: named members replace, removed ones go, the others stay. */
export interface WishedChange {
  readonly wish: SubscriptionWish;
  readonly removed: ReadonlySet<keyof SubscriptionWish>;
}

function mergedWish(before: Subscription, { wish, removed }: WishedChange): SubscriptionWish {
  const gone = new Set<string>(removed);
  // Another way to name the subject replaces the subject.
  if (wish.alternativeSubjectFilter !== undefined) gone.add("subjectFilter");
  const kept = Object.entries(wishOf(before)).filter(([name]) => !gone.has(name));
  return { ...(Object.fromEntries(kept) as SubscriptionWish), ...wish };
}

/** Two subscriptions that are the same wish would tell everything twice. */
async function assertNoOther(
  ports: Pick<ChangeSubscriptionPorts, "subscriptions">,
  wanted: Subscription,
): Promise<void> {
  const all = await ports.subscriptions.listOf(wanted.consumer);
  if (all.some((it) => it.id !== wanted.id && isSameWish(it, wanted))) {
    throw new PermanentFailure("conflict", "Another subscription of the caller is the same.");
  }
}

/**
 * Changes the caller's own subscription. A new end point is asked whether it is there; what is matched until it has
 * answered is held, and goes to the new end point then.
 *
 * @throws {PermanentFailure} conflict – another subscription of the caller is the same
 */
export async function changeSubscription(
  ports: ChangeSubscriptionPorts,
  caller: EventCaller,
  id: number,
  wished: WishedChange,
): Promise<Change> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  const checked = await checkWish(ports, caller, mergedWish(found.thing, wished));
  if ("kind" in checked) return checked;
  const { filters, endPoint } = checked;
  const { handshake } = wished.wish;
  const change = (it: Subscription): Subscription => ({
    ...redirect(refilter(it, filters), endPoint),
    ...(handshake && { handshake }),
    authenticationLevel: caller.authenticationLevel,
  });
  await assertNoOther(ports, change(found.thing));
  const thing = await ports.subscriptions.update(id, change);
  if (!thing) return { kind: "absent" };
  if (!thing.validated) await ports.queues.requestValidation(id, ports.newId());
  return { kind: "found", thing };
}

/** A test event, not stored and told to nobody else. */
const testEvent = (
  ports: { readonly clock: Clock; readonly newId: NewId; readonly baseUrl: string },
  subscription: Subscription,
): ResourceEvent => ({
  specversion: "1.0",
  id: ports.newId(),
  source: `${ports.baseUrl}/events/api/v1/subscriptions/${subscription.id}`,
  type: "platform.events.test",
  resource: subscription.resourceFilter,
  time: new Date(ports.clock.now()).toISOString(),
});

/** What sending a test event needs. */
export type SendTestEventPorts = ChangeSubscriptionPorts & {
  readonly baseUrl: string;
  readonly notices: Notices;
};

const taken = (reason: string): WebhookAnswer => ({ kind: "no-answer", reason });

async function send(
  ports: SendTestEventPorts,
  subscription: Subscription,
  traceparent: string,
): Promise<WebhookAnswer> {
  const event = testEvent(ports, subscription);
  const endPoint = storedEndPoint(subscription.endPoint);
  switch (endPoint.kind) {
    case "feed":
      return taken("A feed is read, not called.");
    case "notice": {
      const notice = noticeOf(subscription, endPoint, { event, key: event.id, traceparent }, "");
      await ports.notices.place(notice);
      return taken("A notification order was placed.");
    }
    case "webhook":
      return ports.webhooks.post({
        url: endPoint.url,
        body: payloadFor(endPoint.url, event),
        deliveryId: event.id,
        secrets: secretsAt(subscription, ports.clock.now()),
        headers: { traceparent },
      });
  }
}

/** Sends a test event to the end point of the caller's own subscription, at once and once. */
export async function sendTestEvent(
  ports: SendTestEventPorts,
  caller: EventCaller,
  id: number,
  traceparent: string,
): Promise<Found<WebhookAnswer>> {
  const found = await getSubscription(ports, caller, id);
  if (found.kind !== "found") return found;
  try {
    return { kind: "found", thing: await send(ports, found.thing, traceparent) };
  } catch (error) {
    if (!(error instanceof PermanentFailure)) throw error;
    return { kind: "found", thing: taken(error.message) };
  }
}
