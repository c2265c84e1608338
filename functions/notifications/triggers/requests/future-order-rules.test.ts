import { describe, expect, test } from "vitest";
import { aFutureOrder, aReminder, NOW } from "../../../../test/support/notification-builders.ts";
import { DAY, errorsOf, iso, MINUTE } from "../../../../test/support/request-checking.ts";

test("a time long past and without zone is told to be both", () => {
  expect(errorsOf(aFutureOrder({ requestedSendTime: "2020-01-01T12:00:00" }))).toEqual({
    RequestedSendTime: [
      "The requested send time value must have specified a time zone.",
      "RequestedSendTime must be greater than or equal to now.",
    ],
  });
});

describe("rules of orders", () => {
  test.each<[name: string, body: object, key: string, message: string]>([
    [
      "a time without zone",
      aFutureOrder({ requestedSendTime: "2026-02-01T12:00:00" }),
      "RequestedSendTime",
      "The requested send time value must have specified a time zone.",
    ],
    [
      "a time long past",
      aFutureOrder({ requestedSendTime: iso(NOW - 6 * MINUTE) }),
      "RequestedSendTime",
      "RequestedSendTime must be greater than or equal to now.",
    ],
    [
      "a time in another age (NO-D38)",
      aFutureOrder({ requestedSendTime: "9999-01-01T00:00:00Z" }),
      "RequestedSendTime",
      "RequestedSendTime must be within 1830 days from now.",
    ],
    [
      "a relative condition",
      aFutureOrder({ conditionEndpoint: "/condition" }),
      "ConditionEndpoint",
      "ConditionEndpoint must be a valid absolute URI or null.",
    ],
    [
      "a condition by ftp",
      aFutureOrder({ conditionEndpoint: "ftp://example.com/condition" }),
      "ConditionEndpoint",
      "ConditionEndpoint must use http or https scheme.",
    ],
    [
      "a condition within the cluster (NO-D36)",
      aFutureOrder({ conditionEndpoint: "http://localhost/condition" }),
      "ConditionEndpoint",
      "ConditionEndpoint must be a public https address.",
    ],
    [
      "an unknown fallback",
      aFutureOrder({ conditionFallback: 7 }),
      "ConditionFallback",
      "ConditionFallback must be send or cancel.",
    ],
    [
      "a callback without TLS",
      aFutureOrder({ statusCallback: "http://example.com/" }),
      "StatusCallback",
      "StatusCallback must be a public https address.",
    ],
    [
      "a reminder without time",
      aFutureOrder({ reminders: [aReminder({ delayDays: undefined })] }),
      "Reminders[0]",
      "Either DelayDays or RequestedSendTime must be defined, but not both.",
    ],
    [
      "a reminder without delay",
      aFutureOrder({ reminders: [aReminder({ delayDays: 0 })] }),
      "Reminders[0].DelayDays",
      "DelayDays must be greater than or equal to 1 day.",
    ],
    [
      "a reminder in another age (NO-D38)",
      aFutureOrder({ reminders: [aReminder({ delayDays: 2000 })] }),
      "Reminders[0].DelayDays",
      "A reminder must be within 1830 days from now.",
    ],
    [
      "a reminder's time without zone",
      aFutureOrder({
        reminders: [aReminder({ delayDays: undefined, requestedSendTime: "2026-02-01T12:00:00" })],
      }),
      "Reminders[0].RequestedSendTime",
      "The RequestedSendTime must have specified a time zone.",
    ],
    [
      "a reminder in the past",
      aFutureOrder({
        reminders: [aReminder({ delayDays: undefined, requestedSendTime: iso(NOW - DAY) })],
      }),
      "Reminders[0].RequestedSendTime",
      "RequestedSendTime must be greater than or equal to the current UTC time.",
    ],
    [
      "a reminder's recipient",
      aFutureOrder({ reminders: [aReminder(), aReminder({ recipient: {} })] }),
      "Reminders[1].Recipient",
      "Must have exactly one recipient.",
    ],
    [
      "a long id (NO-D38)",
      aFutureOrder({ idempotencyId: "i".repeat(501) }),
      "IdempotencyId",
      "Must have at most 500 characters.",
    ],
    [
      "many reminders (NO-D38)",
      aFutureOrder({ reminders: Array.from({ length: 99 }, () => aReminder()) }),
      "Reminders",
      "Must have at most 98 reminders.",
    ],
  ])("%s is refused", (_name, body, key, message) => {
    expect(errorsOf(body)).toEqual({ [key]: [message] });
  });

  test("everything that is wrong is told at once", () => {
    const time = iso(NOW + 3 * DAY);
    const body = aFutureOrder({
      conditionEndpoint: "nowhere",
      recipient: {},
      reminders: [aReminder({ delayDays: 2, requestedSendTime: time })],
    });

    expect(errorsOf(body)).toEqual({
      ConditionEndpoint: ["ConditionEndpoint must be a valid absolute URI or null."],
      Recipient: ["Must have exactly one recipient."],
      "Reminders[0]": ["Either DelayDays or RequestedSendTime must be defined, but not both."],
      "Reminders[0].RequestedSendTime": ["RequestedSendTime must be null when DelayDays is set."],
      "Reminders[0].DelayDays": ["DelayDays must be null when RequestedSendTime is set."],
    });
  });
});
