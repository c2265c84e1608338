/** Asks an end point whether it is there. From then on the subscription counts. */
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import type { Clock, NewId } from "../../kernel/ports.ts";
import type { DeliveryState } from "../domain/delivery.ts";
import { storedEndPoint } from "../domain/end-point.ts";
import type {
  EventQueues,
  SubscriptionStore,
  WebhookAnswer,
  WebhookConsent,
  Webhooks,
} from "../domain/ports.ts";
import { waitAfterValidation } from "../../kernel/push-schedule.ts";
import type { Subscription } from "../domain/subscription.ts";
import { failValidation, isActive, isMatched, validate } from "../domain/subscription-state.ts";
import { payloadFor, validationEvent } from "../domain/webhook-payload.ts";
import { secretsAt } from "./deliver-event.ts";
import { replayWaiting } from "./park-subscription.ts";

/** What validating needs. */
export interface ValidateSubscriptionPorts {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly baseUrl: string;
  readonly subscriptions: SubscriptionStore;
  readonly webhooks: Webhooks;
  readonly queues: EventQueues;
}

const toConsent = (answer: WebhookAnswer): WebhookConsent => {
  if (answer.kind === "no-answer") {
    return { kind: "refused", reason: `The end point did not answer: ${answer.reason}` };
  }
  return answer.status >= 200 && answer.status < 300
    ? { kind: "granted" }
    : { kind: "refused", reason: `The end point answered ${answer.status}.` };
};

/** The reference's way: any 2xx to an event consents. */
async function askByEvent(
  ports: ValidateSubscriptionPorts,
  subscription: Subscription,
  url: URL,
): Promise<WebhookConsent> {
  const deliveryId = ports.newId();
  const answer = await ports.webhooks.post({
    url,
    body: payloadFor(url, validationEvent(deliveryId, ports.baseUrl, subscription.id)),
    deliveryId,
    secrets: secretsAt(subscription, ports.clock.now()),
    headers: {},
  });
  return toConsent(answer);
}

/** A feed is there, and nobody can be asked by a notification; what else is an end point is called. */
async function ask(
  ports: ValidateSubscriptionPorts,
  subscription: Subscription,
): Promise<WebhookConsent> {
  const endPoint = storedEndPoint(subscription.endPoint);
  if (endPoint.kind !== "webhook") return { kind: "granted" };
  try {
    return subscription.handshake === "options"
      ? await ports.webhooks.askConsent(endPoint.url, new URL(ports.baseUrl).host)
      : await askByEvent(ports, subscription, endPoint.url);
  } catch (error) {
    if (!(error instanceof PermanentFailure)) throw error;
    return { kind: "refused", reason: `The end point did not answer: ${error.message}` };
  }
}

/** Marks a subscription as validated; what it held meanwhile is taken up again. Safe to repeat. */
export async function markValidated(
  ports: Pick<ValidateSubscriptionPorts, "clock" | "newId" | "subscriptions" | "queues">,
  subscription: Pick<Subscription, "id" | "endPoint">,
  callsPerMinute?: number,
): Promise<void> {
  const at = new Date(ports.clock.now()).toISOString();
  let waiting: readonly DeliveryState[] = [];
  const after = await ports.subscriptions.update(subscription.id, (it) => {
    // It may have been changed while the end point was thinking.
    if (it.endPoint !== subscription.endPoint) return it;
    const validated = validate(it, at, callsPerMinute);
    // One that was active already holds something only when we were interrupted right here the last time.
    waiting = isActive(it) ? ["held"] : ["held", "pending"];
    if (!isMatched(it) || !isActive(validated)) waiting = [];
    return validated;
  });
  if (after && waiting.length > 0) await replayWaiting(ports, after.id, "all", waiting);
}

/**
 * Asks the end point of a subscription; its consent validates it. Safe to repeat.
 *
 * @param attempt 1 for the first
 * @throws {RetryLater} it did not consent
 * @throws {PermanentFailure} validation-failed – it did not consent, too often
 */
export async function validateSubscription(
  ports: ValidateSubscriptionPorts,
  subscriptionId: number,
  attempt: number,
): Promise<void> {
  const subscription = await ports.subscriptions.get(subscriptionId);
  if (!subscription) return; // deleted meanwhile
  const consent = await ask(ports, subscription);
  if (consent.kind === "granted") {
    await markValidated(ports, subscription, consent.callsPerMinute);
    return;
  }
  const { reason } = consent;
  const current = await ports.subscriptions.update(subscriptionId, (it) =>
    it.endPoint === subscription.endPoint ? failValidation(it, reason) : it,
  );
  if (current?.endPoint !== subscription.endPoint) return;
  const wait = waitAfterValidation(attempt);
  if (wait === undefined) throw new PermanentFailure("validation-failed", reason);
  throw new RetryLater(wait, reason);
}
