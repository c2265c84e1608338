/** Calls of creators: guarded, signed as Standard Webhooks says, never redirected; one host that hangs delays no other. */
import type { Clock } from "../../kernel/ports.ts";
import type { GuardedFetch } from "../../platform/net/guarded-fetch.ts";
import { createHostGates } from "../../platform/net/host-gates.ts";
import { signatureHeaders } from "../../platform/net/webhook-signature.ts";
import type { StatusCallbacks } from "../domain/callback-ports.ts";

export function createGuardedCallbacks(
  callGuarded: GuardedFetch,
  timeoutInMs: number,
  clock: Clock,
): StatusCallbacks {
  const passGate = createHostGates(clock);
  return {
    async call({ traceparent, attempt, ...callback }) {
      const { url, body } = callback;
      const outcome = await passGate({ host: url.host }, () =>
        callGuarded({
          url,
          method: "POST",
          headers: {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "Budstikke",
            "budstikke-attempt": String(attempt),
            traceparent,
            ...signatureHeaders(callback, clock.now()),
          },
          body,
          timeoutInMs,
          dependency: "status-callback",
        }),
      );
      if (outcome.kind === "no-answer") return outcome;
      const retryAfter = outcome.headers["retry-after"];
      return {
        kind: "answered",
        status: outcome.status,
        ...(retryAfter !== undefined && { retryAfter }),
      };
    },
  };
}
