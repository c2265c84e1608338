/** Asks an end point whether it is there. From then on the subscription counts. */
import { PermanentFailure, RetryLater } from "../../kernel/failures.ts";
import type { Clock, NewId } from "../../kernel/ports.ts";
import type { SubscriptionStore, WebhookAnswer, Webhooks } from "../domain/ports.ts";
import { waitAfterValidation } from "../domain/push-schedule.ts";
import type { Subscription } from "../domain/subscription.ts";
import { payloadFor, validationEvent } from "../domain/webhook-payload.ts";
import { secretsAt } from "./push-event.ts";

/** What validating needs. */
export interface ValidateSubscriptionPorts {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly baseUrl: string;
  readonly subscriptions: SubscriptionStore;
  readonly webhooks: Webhooks;
}

async function ask(
  ports: ValidateSubscriptionPorts,
  subscription: Subscription,
): Promise<WebhookAnswer> {
  if (subscription.endPoint.startsWith("feed:")) {
    return { kind: "answered", status: 200, excerpt: "" };
  }
  const url = new URL(subscription.endPoint);
  const deliveryId = ports.newId();
  const call = {
    url,
    body: payloadFor(url, validationEvent(deliveryId, ports.baseUrl, subscription.id)),
    deliveryId,
    secrets: secretsAt(subscription, ports.clock.now()),
    headers: {},
  };
  try {
    return await ports.webhooks.post(call);
  } catch (error) {
    if (error instanceof PermanentFailure) return { kind: "no-answer", reason: error.message };
    throw error;
  }
}

/** Marks a subscription as validated. Safe to repeat. */
export async function markValidated(
  ports: Pick<ValidateSubscriptionPorts, "subscriptions">,
  subscription: Subscription,
): Promise<void> {
  const healthy = Object.entries(subscription).filter(
    ([name]) => name !== "validationFailure" && name !== "isGone",
  );
  const rest = Object.fromEntries(healthy) as unknown as Subscription;
  await ports.subscriptions.replace({ ...rest, validated: true });
}

/**
 * Asks the end point of a subscription; any 2xx validates it. Safe to repeat.
 *
 * @param attempt 1 for the first
 * @throws {RetryLater} it did not answer so
 * @throws {PermanentFailure} validation-failed – it did not answer so, too often
 */
export async function validateSubscription(
  ports: ValidateSubscriptionPorts,
  subscriptionId: number,
  attempt: number,
): Promise<void> {
  const subscription = await ports.subscriptions.get(subscriptionId);
  if (!subscription) return; // deleted meanwhile
  const answer = await ask(ports, subscription);
  // Read again: it may have been changed or deleted while the end point was thinking.
  const current = await ports.subscriptions.get(subscriptionId);
  if (current?.endPoint !== subscription.endPoint) return;
  if (answer.kind === "answered" && answer.status >= 200 && answer.status < 300) {
    await markValidated(ports, current);
    return;
  }
  const validationFailure =
    answer.kind === "answered"
      ? `The end point answered ${answer.status}.`
      : `The end point did not answer: ${answer.reason}`;
  await ports.subscriptions.replace({ ...current, validationFailure });
  const wait = waitAfterValidation(attempt);
  if (wait === undefined) throw new PermanentFailure("validation-failed", validationFailure);
  throw new RetryLater(wait, validationFailure);
}
