/** Signatures of our calls, by which a receiver knows that they are ours, and of now. */
import { Webhook } from "standardwebhooks";

export interface Signed {
  readonly body: string;
  /** The same for every attempt at the same delivery. */
  readonly deliveryId: string;
  /** `whsec_…`; more than one while a secret is being replaced. */
  readonly secrets: readonly string[];
}

/** @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export function signatureHeaders(
  { body, deliveryId, secrets }: Signed,
  nowInMs: number,
): Record<string, string> {
  const at = new Date(nowInMs);
  const signatures = secrets.map((secret) => new Webhook(secret).sign(deliveryId, at, body));
  return {
    "webhook-id": deliveryId,
    "webhook-timestamp": String(Math.floor(nowInMs / 1000)),
    "webhook-signature": signatures.join(" "),
  };
}
