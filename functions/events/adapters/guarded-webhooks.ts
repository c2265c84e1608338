/** Calls to end points of subscribers: guarded, signed as Standard Webhooks says, never redirected. */
import { Webhook } from "standardwebhooks";
import type { Clock } from "../../kernel/ports.ts";
import type { GuardedFetch } from "../../platform/net/guarded-fetch.ts";
import type { Webhooks } from "../domain/ports.ts";
import type { WebhookCall } from "../domain/webhook-payload.ts";
import { consentOf } from "./webhook-consent.ts";
import { createHostGates, type HostGates } from "./host-gates.ts";

/** As much of an answer as is kept in the delivery log. */
const MAX_EXCERPT_LENGTH = 500;

/** @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function signatureHeaders(call: WebhookCall, nowInMs: number): Record<string, string> {
  const at = new Date(nowInMs);
  const signatures = call.secrets.map((secret) =>
    new Webhook(secret).sign(call.deliveryId, at, call.body),
  );
  return {
    "webhook-id": call.deliveryId,
    "webhook-timestamp": String(Math.floor(nowInMs / 1000)),
    "webhook-signature": signatures.join(" "),
  };
}

export const createGuardedWebhooks = (
  callGuarded: GuardedFetch,
  isTrusted: (url: URL) => boolean,
  timeoutInMs: number,
  clock: Clock,
  passGate: HostGates = createHostGates(clock),
): Webhooks => ({
  isAllowed: (url) => url.protocol === "https:" || isTrusted(url),
  async askConsent(url, origin) {
    const headers = { "webhook-request-origin": origin, "user-agent": "Budstikke" };
    const outcome = await passGate({ host: url.host }, () =>
      callGuarded({ url, method: "OPTIONS", headers, timeoutInMs }),
    );
    return consentOf(outcome, origin);
  },
  async post(call) {
    const { callsPerMinute } = call;
    const pace =
      callsPerMinute === undefined ? {} : { pace: { url: call.url.href, callsPerMinute } };
    const outcome = await passGate({ host: call.url.host, ...pace }, () =>
      callGuarded({
        url: call.url,
        method: "POST",
        headers: {
          "content-type": "application/json; charset=utf-8",
          "user-agent": "Budstikke",
          ...call.headers,
          ...signatureHeaders(call, clock.now()),
        },
        body: call.body,
        timeoutInMs,
      }),
    );
    if (outcome.kind === "no-answer") return outcome;
    const retryAfter = outcome.headers["retry-after"];
    return {
      kind: "answered",
      status: outcome.status,
      excerpt: outcome.excerpt.slice(0, MAX_EXCERPT_LENGTH),
      ...(retryAfter !== undefined && { retryAfter }),
    };
  },
});
