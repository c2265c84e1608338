import fc from "fast-check";
import { expect, test } from "vitest";
import { anOrder, anSmsText, nobody, NOW, rules } from "../../../test/support/order-builders.ts";
import type { Order } from "./order.ts";
import { planAtOnce, planChainAtOnce } from "./plan-at-once.ts";
import { planNotifications, tallyOf } from "./plan-notifications.ts";
import type { Recipient } from "./recipient.ts";

const addresses = fc.nat({ max: 30 }).map((count): readonly Recipient[] =>
  Array.from({ length: count + 1 }, (_, index) => ({
    emailAddress: `somebody-${index}@example.com`,
    mobileNumber: "+4799999990",
  })),
);

const orders = fc
  .record({
    recipients: addresses,
    channelScheme: fc.constantFrom<Order["channelScheme"]>(
      "Email",
      "Sms",
      "EmailAndSms",
      "EmailPreferred",
    ),
    requestedSendAt: fc.integer({ min: NOW - 1000, max: NOW }),
  })
  .map((wish) => anOrder(NOW, { ...wish, sms: anSmsText }));

test("what is planned at once is what processing would have come to, and is on its way", () => {
  fc.assert(
    fc.property(orders, (order) => {
      const planned = planAtOnce(order, NOW, rules);
      const processed = planNotifications(order, nobody, NOW, rules);

      const outbox = { traceparent: order.traceparent };
      expect(planned?.notifications).toEqual(processed.map((it) => ({ ...it, outbox })));
      expect(planned?.order).toEqual({
        ...order,
        state: "Processed",
        stateAt: NOW,
        tally: tallyOf(processed),
      });
    }),
  );
});

test.each<[string, Partial<Order>]>([
  ["is for later (NO-D13)", { requestedSendAt: NOW + 1 }],
  ["has a condition", { condition: { url: "https://example.com/condition", fallback: "send" } }],
  ["names a person", { recipients: [{ nationalIdentityNumber: "01869010061" }] }],
  [
    "names a person and an address",
    { recipients: [{ nationalIdentityNumber: "01869010061", emailAddress: "elg@example.com" }] },
  ],
  ["names a business", { recipients: [{ organizationNumber: "314100018" }] }],
  ["reaches nobody", { channelScheme: "Sms", recipients: [{ emailAddress: "elg@example.com" }] }],
  [
    "is for very many",
    {
      recipients: Array.from({ length: 51 }, (_, index) => ({
        emailAddress: `somebody-${index}@example.com`,
      })),
    },
  ],
])("an order that %s is left to be processed", (_, wish) => {
  expect(planAtOnce(anOrder(NOW, wish), NOW, rules)).toBeUndefined();
});

test.each([1, 50, 98, 99])(
  "a chain of %i orders that are due fits into one transaction",
  (count) => {
    const orders = Array.from({ length: count }, () => anOrder(NOW));
    const stored = planChainAtOnce(orders, NOW, rules);

    expect(stored.map(({ order }) => order.id)).toEqual(orders.map(({ id }) => id));
    const notifications = stored.flatMap((it) => it.notifications);
    expect(notifications).toHaveLength(Math.min(count, 99 - count));
    expect(stored.filter(({ order }) => order.state === "Registered")).toHaveLength(
      count - notifications.length,
    );
  },
);
