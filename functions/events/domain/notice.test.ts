import { expect, test } from "vitest";
import { noticeOf } from "./notice.ts";
import type { Subscription } from "./subscription.ts";

const subscription: Subscription = {
  id: 7,
  endPoint: "sms:+4799999990",
  consumer: "/user/1",
  createdBy: "/user/1",
  created: "2026-01-05T11:00:00Z",
  validated: true,
  secret: "whsec_",
  authenticationLevel: 3,
  resourceFilter: "urn:altinn:resource:app_ttd_apps-test",
  includeSubunits: false,
};

const stored = {
  key: "k",
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  event: {
    specversion: "1.0",
    id: "1",
    source: "https://ttd.apps.altinn.no/ttd/apps-test",
    type: "app.instance.created",
    subject: "urn:altinn:person:identifier-no:07124912037",
    resource: "urn:altinn:resource:app_ttd_apps-test",
    data: { secret: "confidential" },
  },
} as const;

const sms = { kind: "notice", channel: "sms", address: "+4799999990" } as const;
const email = { kind: "notice", channel: "email", address: "ola@example.com" } as const;

test("EV-D53: a notice says that something happened, and neither about whom nor what", () => {
  const text = JSON.stringify([
    noticeOf(subscription, sms, stored, ""),
    noticeOf(subscription, email, stored, ""),
  ]);

  expect(text).toContain("ttd/apps-test: app.instance.created");
  expect(text).not.toMatch(/07124912037|confidential/);
});

test("an SMS has letters of the GSM alphabet only, and fits into one part", () => {
  const { body } = noticeOf(subscription, sms, stored, "");

  expect(body).toMatch(/^[A-Za-z0-9 .:,/\-åæøÅÆØ]+$/);
  expect(body.length).toBeLessThanOrEqual(160);
});

test("the same delivery has the same id, a deliberate repeat another", () => {
  const first = noticeOf(subscription, sms, stored, "");

  expect(noticeOf(subscription, sms, stored, "").idempotencyId).toBe(first.idempotencyId);
  expect(noticeOf(subscription, sms, stored, "again").idempotencyId).not.toBe(first.idempotencyId);
  expect(noticeOf({ ...subscription, id: 8 }, sms, stored, "").idempotencyId).not.toBe(
    first.idempotencyId,
  );
});

test("an order belongs to the service owner, otherwise to the consumer as it is", () => {
  expect(noticeOf({ ...subscription, consumer: "/org/ttd" }, sms, stored, "").creator).toBe("ttd");
  expect(noticeOf(subscription, sms, stored, "").creator).toBe("/user/1");
});
