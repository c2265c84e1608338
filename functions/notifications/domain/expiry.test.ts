import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expiryOf } from "./expiry.ts";
import type { Order, SendingTimePolicy } from "./order.ts";
import { opensAt } from "./send-window.ts";

const usual = { startHour: 9, endHour: 17 };
const HOUR = 3_600_000;

const at = (text: string): number => Date.parse(text);

const anSmsOrder = (
  requestedSendAt: number,
  policy: SendingTimePolicy,
  overrides: Partial<Order> = {},
): Parameters<typeof expiryOf>[0] => ({
  type: "Notification",
  createdAt: requestedSendAt,
  requestedSendAt,
  sms: { sender: "Budstikke", body: "x", policy },
  ...overrides,
});

const expiryText = (requested: string, policy: SendingTimePolicy): string =>
  new Date(expiryOf(anSmsOrder(at(requested), policy), "sms", usual)).toISOString();

describe("an SMS by day is of use for two days from when it may first go", () => {
  test.each([
    ["2025-08-25T10:00:00.000Z", "2025-08-27T10:00:00.000Z"],
    ["2025-08-25T20:00:00.000Z", "2025-08-28T07:00:00.000Z"],
    ["2025-08-25T05:00:00.000Z", "2025-08-27T07:00:00.000Z"],
  ])("%s → %s", (requested, expires) => {
    expect(expiryText(requested, "Daytime")).toBe(expires);
  });

  test("NO-D26: what is ordered for 09:00 sharp has 48 hours, what is ordered for 17:00 sharp has 72 from 09:00", () => {
    expect(expiryText("2025-08-25T07:00:00.000Z", "Daytime")).toBe("2025-08-27T07:00:00.000Z");
    expect(expiryText("2025-08-25T15:00:00.000Z", "Daytime")).toBe("2025-08-28T07:00:00.000Z");
  });
});

test("an SMS at any time and an e-mail have 48 hours from the requested time", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: at("2060-01-01T00:00:00Z") }), (requested) => {
      const order = anSmsOrder(requested, "Anytime");

      expect(expiryOf(order, "sms", usual)).toBe(requested + 48 * HOUR);
      expect(expiryOf(order, "email", usual)).toBe(requested + 48 * HOUR);
    }),
  );
});

test("waiting for the window takes nothing of the 48 hours, on days of 23 and 25 hours either", () => {
  const changes = fc.constantFrom("2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25");
  const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
  fc.assert(
    fc.property(changes, minutes, (day, minute) => {
      const requested = at(`${day}T00:00:00Z`) + minute * 60_000;
      const expires = expiryOf(anSmsOrder(requested, "Daytime"), "sms", usual);

      expect(expires - opensAt(usual, requested)).toBe(48 * HOUR);
    }),
  );
});

test("an instant SMS lives as long as its creator says, an instant e-mail two days, both from when they were ordered", () => {
  const createdAt = at("2026-01-14T01:00:00Z");
  const order = anSmsOrder(createdAt, "Anytime", {
    type: "Instant",
    createdAt,
    timeToLiveInSeconds: 300,
  });

  expect(expiryOf(order, "sms", usual)).toBe(createdAt + 300_000);
  expect(expiryOf(order, "email", usual)).toBe(createdAt + 48 * HOUR);
});
