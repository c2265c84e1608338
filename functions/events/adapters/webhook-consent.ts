/** What an end point says to `OPTIONS`: the consent of the CloudEvents webhook specification, section 4. */
import type { CallOutcome } from "../../platform/net/guarded-fetch.ts";
import type { WebhookConsent } from "../domain/ports.ts";

const refused = (reason: string): WebhookConsent => ({ kind: "refused", reason });

const grantedAt = (rate: number): WebhookConsent =>
  Number.isSafeInteger(rate) && rate > 0
    ? { kind: "granted", callsPerMinute: rate }
    : { kind: "granted" };

/**
 * Reads the answer. Only one that names this service, or anybody, in `WebHook-Allowed-Origin` consents.
 *
 * @param origin what was sent as `WebHook-Request-Origin`
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md
 */
export function consentOf(outcome: CallOutcome, origin: string): WebhookConsent {
  if (outcome.kind === "no-answer") {
    return refused(`The end point did not answer OPTIONS: ${outcome.reason}`);
  }
  const { status, headers } = outcome;
  if (status < 200 || status >= 300) {
    return refused(`The end point answered OPTIONS with ${status}.`);
  }
  const allowed = headers["webhook-allowed-origin"]?.trim().toLowerCase();
  if (!allowed) return refused("The end point answered OPTIONS without WebHook-Allowed-Origin.");
  if (allowed !== "*" && allowed !== origin.toLowerCase()) {
    return refused("The end point answered OPTIONS with another WebHook-Allowed-Origin.");
  }
  return grantedAt(Number(headers["webhook-allowed-rate"]));
}
