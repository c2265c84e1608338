import { describe, expect, test } from "vitest";
import {
  aFutureOrder,
  anEmail,
  aPerson,
  aReminder,
} from "../../../../test/support/notification-builders.ts";
import { errorsOf, readFutureOrder } from "../../../../test/support/request-checking.ts";

describe("members that must be there", () => {
  const whole = ["The notificationOrderRequest field is required."];

  test.each<[name: string, body: object, errors: object]>([
    [
      "missing",
      { recipient: anEmail() },
      {
        $: [
          "JSON deserialization for type 'Altinn.Notifications.Models.NotificationOrderChainRequestExt' was missing required properties including: 'idempotencyId'.",
        ],
        notificationOrderRequest: whole,
      },
    ],
    [
      "missing further in",
      aFutureOrder({ recipient: aPerson({ channelSchema: undefined }) }),
      {
        "$.recipient.recipientPerson": [
          "JSON deserialization for type 'Altinn.Notifications.Models.Recipient.RecipientPersonExt' was missing required properties including: 'channelSchema'.",
        ],
        notificationOrderRequest: whole,
      },
    ],
    [
      "of another type",
      aFutureOrder({ reminders: [aReminder({ delayDays: "soon" })] }),
      {
        "$.reminders[0].delayDays": [
          "The JSON value could not be converted. Path: $.reminders[0].delayDays.",
        ],
        notificationOrderRequest: whole,
      },
    ],
    [
      "no such day",
      aFutureOrder({ requestedSendTime: "2026-02-30T00:00:00Z" }),
      {
        "$.requestedSendTime": [
          "The JSON value could not be converted. Path: $.requestedSendTime.",
        ],
        notificationOrderRequest: whole,
      },
    ],
    [
      "null",
      aFutureOrder({ recipient: null }),
      { Recipient: ["The Recipient field is required."] },
    ],
    [
      "blank",
      { idempotencyId: " ", recipient: anEmail({ subject: "", body: "\n" }) },
      {
        IdempotencyId: ["The IdempotencyId field is required."],
        "Recipient.RecipientEmail.Settings.Subject": ["The Subject field is required."],
        "Recipient.RecipientEmail.Settings.Body": ["The Body field is required."],
      },
    ],
    [
      "blank, so that no rule is asked",
      aFutureOrder({ idempotencyId: "", conditionEndpoint: "nowhere" }),
      { IdempotencyId: ["The IdempotencyId field is required."] },
    ],
  ])("%s", (_name, body, errors) => {
    expect(errorsOf(body)).toEqual(errors);
  });

  test.each([true, false, [1], {}, "", "Pigeon", 1.5])("%j names nothing", (channelSchema) => {
    const path = "$.recipient.recipientPerson.channelSchema";

    expect(errorsOf(aFutureOrder({ recipient: aPerson({ channelSchema }) }))).toEqual({
      [path]: [`The JSON value could not be converted. Path: ${path}.`],
      notificationOrderRequest: whole,
    });
  });

  test.each([7, -1, "7", "-1"])(
    "the number %j is left for the rules to refuse",
    (channelSchema) => {
      expect(errorsOf(aFutureOrder({ recipient: aPerson({ channelSchema }) }))).toEqual({
        "Recipient.RecipientPerson.ChannelSchema": ["Invalid channel scheme value."],
      });
    },
  );

  test.each(["{", '{"idempotencyId":"a",}', "// nothing\n{}"])("%j is no JSON", (body) => {
    const bound = readFutureOrder(body);

    expect(bound).toMatchObject({
      kind: "refused",
      errors: { $: [expect.any(String)], notificationOrderRequest: whole },
    });
  });

  test("an empty body is told as such", () => {
    expect(readFutureOrder("")).toEqual({
      kind: "refused",
      errors: { "": ["A non-empty request body is required."], notificationOrderRequest: whole },
    });
  });
});
