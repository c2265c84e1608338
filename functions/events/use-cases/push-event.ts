/** Events, step 3: tell one subscriber of one event; tried again until it is taken or given up. */
import { derivedUuid } from "../../kernel/derived-id.ts";
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import type { Clock, Random } from "../../kernel/ports.ts";
import { partyAttributes, readingAction, resourceOf } from "../domain/decision.ts";
import type { Attempt, Delivery } from "../domain/delivery.ts";
import type {
  Decisions,
  DeliveryLog,
  EventFeeds,
  EventStore,
  SubscriptionStore,
  WebhookAnswer,
  Webhooks,
} from "../domain/ports.ts";
import { retryAfterOf, waitAfter } from "../domain/push-schedule.ts";
import type { StoredEvent } from "../domain/stored-event.ts";
import type { Subscription } from "../domain/subscription.ts";
import { payloadFor } from "../domain/webhook-payload.ts";

/** What pushing needs. */
export interface PushEventPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventStore;
  readonly feeds: EventFeeds;
  readonly subscriptions: SubscriptionStore;
  readonly decisions: Decisions;
  readonly deliveries: DeliveryLog;
  readonly webhooks: Webhooks;
}

/** Which event is due to which subscription. */
export interface DuePush {
  readonly subscriptionId: number;
  readonly subject: string;
  readonly key: string;
}

/** The feed that collects what one consumer's `feed:` subscriptions match. */
export const feedOfConsumer = (consumer: string): string => `consumer:${consumer}`;

const textOfNow = (clock: Clock): string => new Date(clock.now()).toISOString();

const newDelivery = (due: DuePush, stored: StoredEvent, at: string): Delivery => ({
  subscriptionId: due.subscriptionId,
  key: due.key,
  eventId: stored.event.id,
  subject: due.subject,
  state: "pending",
  attempts: [],
  updatedAt: at,
});

/** The secrets that sign now: the present one, and the one before it while both are good. */
export function secretsAt(subscription: Subscription, nowInMs: number): readonly string[] {
  const { secret, previousSecret } = subscription;
  return previousSecret && nowInMs < previousSecret.until
    ? [secret, previousSecret.secret]
    : [secret];
}

/** Whether the consumer of a subscription may be told of an event, as things stand now. */
export async function mayReceive(
  ports: Pick<PushEventPorts, "decisions">,
  subscription: Subscription,
  { event }: StoredEvent,
): Promise<boolean> {
  const [isPermitted] = await ports.decisions.decide([
    {
      subject: partyAttributes(subscription.consumer).map((it) => ({
        ...it,
        includeInResult: true,
      })),
      action: readingAction(event.resource),
      resource: resourceOf(event),
      authenticationLevel: subscription.authenticationLevel,
      isOrg: subscription.consumer.startsWith("/org/"),
    },
  ]);
  return isPermitted ?? false;
}

async function attemptOnce(
  ports: PushEventPorts,
  subscription: Subscription,
  stored: StoredEvent,
  number: number,
): Promise<{ readonly attempt: Attempt; readonly answer: WebhookAnswer }> {
  const url = new URL(subscription.endPoint);
  const startedAt = ports.clock.now();
  const answer = await ports.webhooks.post({
    url,
    body: payloadFor(url, stored.event),
    deliveryId: derivedUuid("delivery", String(subscription.id), stored.key),
    secrets: secretsAt(subscription, startedAt),
    headers: {
      traceparent: stored.traceparent,
      "budstikke-attempt": String(number),
      "budstikke-sequence": String(stored.sequence),
    },
  });
  const attempt: Attempt = {
    number,
    at: new Date(startedAt).toISOString(),
    durationInMs: ports.clock.now() - startedAt,
    ...(answer.kind === "answered"
      ? { status: answer.status, excerpt: answer.excerpt }
      : { excerpt: answer.reason }),
  };
  return { attempt, answer };
}

const isTaken = (answer: WebhookAnswer): boolean =>
  answer.kind === "answered" && answer.status >= 200 && answer.status < 300;

/** Says when to try again, or that there is no use: always by throwing. */
async function afterFailure(
  ports: PushEventPorts,
  subscription: Subscription,
  number: number,
  answer: WebhookAnswer,
): Promise<never> {
  if (answer.kind === "answered" && answer.status === 410) {
    await ports.subscriptions.replace({ ...subscription, isGone: true, validated: false });
    throw new PermanentFailure("end-point-gone", "The end point says that it is gone");
  }
  const header = answer.kind === "answered" ? answer.retryAfter : undefined;
  const asked = retryAfterOf(header, ports.clock.now());
  const wait = waitAfter(number, ports.random(), asked);
  if (wait === undefined) {
    throw new PermanentFailure("attempts-exhausted", "The end point did not take the event");
  }
  const why = answer.kind === "answered" ? `status ${answer.status}` : answer.reason;
  throw new RetryLater(wait, `The end point did not take the event: ${why}`);
}

async function pushToWebhook(
  ports: PushEventPorts,
  subscription: Subscription,
  stored: StoredEvent,
  delivery: Delivery,
): Promise<void> {
  const number = delivery.attempts.length + 1;
  const { attempt, answer } = await attemptOnce(ports, subscription, stored, number);
  const attempts = [...delivery.attempts, attempt];
  const state = isTaken(answer) ? "delivered" : "pending";
  await ports.deliveries.put({ ...delivery, state, attempts, updatedAt: textOfNow(ports.clock) });
  if (state === "pending") await afterFailure(ports, subscription, number, answer);
}

async function deliver(
  ports: PushEventPorts,
  subscription: Subscription,
  stored: StoredEvent,
  delivery: Delivery,
): Promise<void> {
  const updatedAt = textOfNow(ports.clock);
  if (!(await mayReceive(ports, subscription, stored))) {
    await ports.deliveries.put({ ...delivery, state: "unauthorized", updatedAt });
    return;
  }
  if (subscription.endPoint.startsWith("feed:")) {
    await ports.feeds.append(feedOfConsumer(subscription.consumer), [stored]);
    await ports.deliveries.put({ ...delivery, state: "delivered", updatedAt });
    return;
  }
  await pushToWebhook(ports, subscription, stored, delivery);
}

/** The end point may not be called now: what is due waits for it, or for its owner when it is gone. */
async function withhold(
  ports: PushEventPorts,
  subscription: Subscription,
  delivery: Delivery,
): Promise<void> {
  if (!subscription.isGone) throw new RetryLater(60, "The end point is not validated");
  const updatedAt = textOfNow(ports.clock);
  await ports.deliveries.put({ ...delivery, state: "dead-lettered", updatedAt });
}

/**
 * Tells one subscriber of one event. Safe to repeat: what was delivered is not delivered again.
 *
 * @throws {RetryLater} it was not taken, or nobody can say whether it may be told
 * @throws {PermanentFailure} attempts-exhausted, end-point-gone, egress-refused
 */
export async function pushEvent(ports: PushEventPorts, due: DuePush): Promise<void> {
  const [subscription, stored, earlier] = await Promise.all([
    ports.subscriptions.get(due.subscriptionId),
    ports.events.get(due.subject, due.key),
    ports.deliveries.get(due.subscriptionId, due.key),
  ]);
  // Deleted meanwhile, or the event is too old to be kept: nobody is to be told.
  if (!subscription || !stored) return;
  const delivery = earlier ?? newDelivery(due, stored, textOfNow(ports.clock));
  if (delivery.state === "delivered" || delivery.state === "unauthorized") return;
  if (!subscription.validated) {
    await withhold(ports, subscription, delivery);
    return;
  }
  await deliver(ports, subscription, stored, delivery);
}

/** Records that a delivery was given up. Safe to repeat. */
export async function giveUpPush(ports: PushEventPorts, due: DuePush): Promise<void> {
  const delivery = await ports.deliveries.get(due.subscriptionId, due.key);
  if (!delivery) return;
  const updatedAt = textOfNow(ports.clock);
  await ports.deliveries.put({ ...delivery, state: "dead-lettered", updatedAt });
}
