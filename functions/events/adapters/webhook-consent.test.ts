import { expect, test } from "vitest";
import type { CallOutcome } from "../../platform/net/guarded-fetch.ts";
import { consentOf } from "./webhook-consent.ts";

const ORIGIN = "events.example.com";

const answered = (status: number, headers: Readonly<Record<string, string>>): CallOutcome => ({
  kind: "answered",
  status,
  headers,
  excerpt: "",
});

test.each([
  [{ "webhook-allowed-origin": ORIGIN }, { kind: "granted" }],
  [{ "webhook-allowed-origin": "EVENTS.example.com" }, { kind: "granted" }],
  [{ "webhook-allowed-origin": "*", "webhook-allowed-rate": "*" }, { kind: "granted" }],
  [
    { "webhook-allowed-origin": "*", "webhook-allowed-rate": "120" },
    { kind: "granted", callsPerMinute: 120 },
  ],
])("%j consents", (headers, consent) => {
  expect(consentOf(answered(200, headers), ORIGIN)).toEqual(consent);
});

test.each([
  [answered(200, {}), "without WebHook-Allowed-Origin"],
  [answered(200, { "webhook-allowed-origin": "example.com" }), "another WebHook-Allowed-Origin"],
  [answered(405, { "webhook-allowed-origin": "*" }), "405"],
  [answered(302, { "webhook-allowed-origin": "*" }), "302"],
  [{ kind: "no-answer", reason: "ECONNREFUSED" } as const, "ECONNREFUSED"],
])("EV-D48: %j does not consent, and the reason says why", (outcome, reason) => {
  expect(consentOf(outcome, ORIGIN)).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining(reason) as string,
  });
});
