/** Calls to end points of subscribers: guarded, signed as Standard Webhooks says, never redirected. */
import type { Clock } from "../../kernel/ports.ts";
import type { GuardedFetch } from "../../platform/net/guarded-fetch.ts";
import { createHostGates, type HostGates } from "../../platform/net/host-gates.ts";
import { signatureHeaders } from "../../platform/net/webhook-signature.ts";
import type { Webhooks } from "../domain/ports.ts";
import { consentOf } from "./webhook-consent.ts";

/** As much of an answer as is kept in the delivery log. */
const MAX_EXCERPT_LENGTH = 500;

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
