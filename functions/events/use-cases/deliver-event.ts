/** One attempt at a delivery: may the consumer know? Then the call, the feed or the order, and what the answer means. */
import { derivedUuid } from "../../kernel/derived-id.ts";
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import type { Clock, Random } from "../../kernel/ports.ts";
import { partyAttributes, readingAction, resourceOf } from "../domain/decision.ts";
import type { Question } from "../domain/decision.ts";
import { type Attempt, type Delivery, nextInRound } from "../domain/delivery.ts";
import { type EndPoint, storedEndPoint } from "../domain/end-point.ts";
import { noticeOf } from "../domain/notice.ts";
import type {
  DatedDecisions,
  DeliveryLog,
  EventFeeds,
  Notices,
  SubscriptionStore,
  WebhookAnswer,
  Webhooks,
} from "../domain/ports.ts";
import { retryAfterOf, waitAfter } from "../../kernel/push-schedule.ts";
import type { StoredEvent } from "../domain/stored-event.ts";
import type { Subscription } from "../domain/subscription.ts";
import { park, type ParkReason } from "../domain/subscription-state.ts";
import { payloadFor } from "../domain/webhook-payload.ts";

/** What delivering needs. */
export interface DeliverPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly feeds: EventFeeds;
  readonly subscriptions: SubscriptionStore;
  readonly decisions: DatedDecisions;
  readonly deliveries: DeliveryLog;
  readonly webhooks: Webhooks;
  readonly notices: Notices;
}

/** What became of an attempt; what is to be tried again is thrown. */
export type DeliverOutcome =
  | { readonly kind: "over" }
  /** The subscription was parked because of it. */
  | { readonly kind: "parked"; readonly delivery: Delivery };

const OVER: DeliverOutcome = { kind: "over" };

/** The feed that collects what one consumer's `feed:` subscriptions match. */
export const feedOfConsumer = (consumer: string): string => `consumer:${consumer}`;

const textOfNow = (clock: Clock): string => new Date(clock.now()).toISOString();

/** The secrets that sign now: the present one, and the one before it while both are good. */
export function secretsAt(subscription: Subscription, nowInMs: number): readonly string[] {
  const { secret, previousSecret } = subscription;
  return previousSecret && nowInMs < previousSecret.until
    ? [secret, previousSecret.secret]
    : [secret];
}

/** What the decision point is asked before a consumer is told of an event. */
export const receivingQuestion = (
  subscription: Subscription,
  { event }: StoredEvent,
): Question => ({
  subject: partyAttributes(subscription.consumer).map((it) => ({ ...it, includeInResult: true })),
  action: readingAction(event.resource),
  resource: resourceOf(event),
  authenticationLevel: subscription.authenticationLevel,
  isOrg: subscription.consumer.startsWith("/org/"),
});

interface Sent {
  readonly startedAt: number;
  readonly answer: WebhookAnswer;
  /** The address must not be called, and was not. */
  readonly refusal?: PermanentFailure;
}

const toAttempt = (ports: DeliverPorts, number: number, { startedAt, answer }: Sent): Attempt => ({
  number,
  at: new Date(startedAt).toISOString(),
  durationInMs: ports.clock.now() - startedAt,
  ...(answer.kind === "answered"
    ? { status: answer.status, excerpt: answer.excerpt }
    : { excerpt: answer.reason }),
});

async function post(
  ports: DeliverPorts,
  subscription: Subscription,
  stored: StoredEvent,
  { url, number }: { readonly url: URL; readonly number: number },
): Promise<Sent> {
  const startedAt = ports.clock.now();
  const call = {
    url,
    body: payloadFor(url, stored.event),
    deliveryId: derivedUuid("delivery", String(subscription.id), stored.key),
    secrets: secretsAt(subscription, startedAt),
    ...(subscription.callsPerMinute !== undefined && {
      callsPerMinute: subscription.callsPerMinute,
    }),
    headers: {
      traceparent: stored.traceparent,
      "budstikke-attempt": String(number),
      "budstikke-sequence": String(stored.sequence),
    },
  };
  try {
    return { startedAt, answer: await ports.webhooks.post(call) };
  } catch (error) {
    if (!(error instanceof PermanentFailure)) throw error;
    return { startedAt, answer: { kind: "no-answer", reason: error.message }, refusal: error };
  }
}

const isTaken = (answer: WebhookAnswer): boolean =>
  answer.kind === "answered" && answer.status >= 200 && answer.status < 300;

async function parked(
  ports: DeliverPorts,
  reason: ParkReason,
  delivery: Delivery,
): Promise<DeliverOutcome> {
  const at = textOfNow(ports.clock);
  await ports.subscriptions.update(delivery.subscriptionId, (it) => park(it, reason, at));
  return { kind: "parked", delivery };
}

/**
 * What a refused attempt means: another one later (thrown), the end of this delivery (thrown), or that the whole
 * subscription is parked, because the end point is gone or took nothing at all since this delivery began.
 */
async function afterFailure(
  ports: DeliverPorts,
  delivery: Delivery,
  answer: WebhookAnswer,
): Promise<DeliverOutcome> {
  if (answer.kind === "answered" && answer.status === 410) return parked(ports, "gone", delivery);
  const header = answer.kind === "answered" ? answer.retryAfter : undefined;
  const asked = retryAfterOf(header, ports.clock.now());
  const wait = waitAfter(nextInRound(delivery) - 1, ports.random(), asked);
  if (wait !== undefined) {
    const why = answer.kind === "answered" ? `status ${answer.status}` : answer.reason;
    throw new RetryLater(wait, `The end point did not take the event: ${why}`);
  }
  const since = delivery.attempts[delivery.earlierAttempts]?.at ?? delivery.updatedAt;
  if (!(await ports.deliveries.hasDelivered(delivery.subscriptionId, since))) {
    return parked(ports, "failing", delivery);
  }
  throw new PermanentFailure("attempts-exhausted", "The end point did not take the event");
}

async function pushToWebhook(
  ports: DeliverPorts,
  subscription: Subscription,
  stored: StoredEvent,
  { url, delivery }: { readonly url: URL; readonly delivery: Delivery },
): Promise<DeliverOutcome> {
  const number = delivery.attempts.length + 1;
  const sent = await post(ports, subscription, stored, { url, number });
  const attempts = [...delivery.attempts, toAttempt(ports, number, sent)];
  const state = isTaken(sent.answer) ? "delivered" : "pending";
  const after: Delivery = { ...delivery, state, attempts, updatedAt: textOfNow(ports.clock) };
  await ports.deliveries.put(after);
  if (sent.refusal) throw sent.refusal;
  return state === "delivered" ? OVER : afterFailure(ports, after, sent.answer);
}

async function placeNotice(
  ports: DeliverPorts,
  subscription: Subscription,
  stored: StoredEvent,
  { endPoint, delivery }: { endPoint: Extract<EndPoint, { kind: "notice" }>; delivery: Delivery },
): Promise<DeliverOutcome> {
  const startedAt = ports.clock.now();
  const record = (state: "delivered" | "pending", reason: string): Promise<void> => {
    const answer: WebhookAnswer = { kind: "no-answer", reason };
    const attempt = toAttempt(ports, delivery.attempts.length + 1, { startedAt, answer });
    const attempts = [...delivery.attempts, attempt];
    return ports.deliveries.put({
      ...delivery,
      state,
      attempts,
      updatedAt: textOfNow(ports.clock),
    });
  };
  try {
    await ports.notices.place(noticeOf(subscription, endPoint, stored, delivery.round));
  } catch (error) {
    if (error instanceof PermanentFailure) await record("pending", error.message);
    throw error;
  }
  await record("delivered", "A notification order was placed.");
  return OVER;
}

/**
 * Asks whether the consumer may know of the event, now.
 *
 * @returns the delivery with what was decided; a refusal ends it
 * @throws {RetryLater} nobody can say
 */
export async function authorize(
  ports: Pick<DeliverPorts, "clock" | "decisions">,
  subscription: Subscription,
  stored: StoredEvent,
  before: Delivery,
): Promise<Delivery> {
  const decision = await ports.decisions.decideOne(receivingQuestion(subscription, stored));
  if (decision.isPermitted) return { ...before, decision };
  return { ...before, decision, state: "unauthorized", updatedAt: textOfNow(ports.clock) };
}

/**
 * Makes one attempt at a delivery of an active subscription to a consumer that may know of the event.
 *
 * @throws {RetryLater} it was not taken
 * @throws {PermanentFailure} attempts-exhausted, egress-refused
 */
export async function deliver(
  ports: DeliverPorts,
  subscription: Subscription,
  stored: StoredEvent,
  delivery: Delivery,
): Promise<DeliverOutcome> {
  const endPoint = storedEndPoint(subscription.endPoint);
  switch (endPoint.kind) {
    case "webhook":
      return pushToWebhook(ports, subscription, stored, { url: endPoint.url, delivery });
    case "notice":
      return placeNotice(ports, subscription, stored, { endPoint, delivery });
    case "feed":
      await ports.feeds.append(feedOfConsumer(subscription.consumer), [stored]);
      await ports.deliveries.put({
        ...delivery,
        state: "delivered",
        updatedAt: textOfNow(ports.clock),
      });
      return OVER;
  }
}
