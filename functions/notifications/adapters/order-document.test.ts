import fc from "fast-check";
import { expect, test } from "vitest";
import { anOrder, planned } from "../../../test/support/order-builders.ts";
import { deliveryStatuses, isFinal } from "../domain/delivery-status.ts";
import { isFinalState, type OrderState } from "../domain/order.ts";
import { toNotificationDocument, toOrderDocument } from "./order-document.ts";

const NOW = Date.UTC(2026, 0, 15, 12);
const DAY_IN_SECONDS = 24 * 60 * 60;

const states: readonly OrderState[] = [
  "Registered",
  "Processing",
  "Processed",
  "Completed",
  "SendConditionNotMet",
  "Cancelled",
];

const parked = fc.option(fc.constant({ reason: "unforeseen", at: NOW }), { nil: undefined });
const handOver = fc.option(fc.record({ round: fc.nat(30), at: fc.constant(NOW) }), {
  nil: undefined,
});

test("NO-D03, NO-D05: an order is finished, seen by an operator, or looked after at a known time; its notifications are, once it has them", () => {
  fc.assert(
    fc.property(fc.constantFrom(...states), parked, handOver, (state, isParked, handedOver) => {
      const order = anOrder(NOW, {
        state,
        ...(isParked && { parked: isParked }),
        ...(handedOver && { handOver: handedOver }),
      });
      const { wakeAt, parkedAt } = toOrderDocument(order, NOW);
      const isOpen = !isFinalState(state);

      expect(parkedAt !== undefined).toBe(isOpen && isParked !== undefined);
      expect(wakeAt !== undefined).toBe(isOpen && !isParked && state !== "Processed");
      expect(wakeAt ?? 0).toBeLessThanOrEqual(NOW + DAY_IN_SECONDS * 1000);
    }),
  );
});

test("NO-D04: a notification that is not final is looked after, by its expiry at the latest", () => {
  const [notification] = planned({});
  if (!notification) throw new Error("Nothing is planned");
  const outcomes = [undefined, "accepted", "not-taken", "unknown", "unconfirmed"] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...deliveryStatuses),
      fc.constantFrom(...outcomes),
      parked,
      handOver,
      (status, outcome, isParked, handedOver) => {
        const it = {
          ...notification,
          status,
          sending: { attempt: 1, startedAt: NOW, ...(outcome && { outcome }) },
          ...(isParked && { parked: isParked }),
          ...(handedOver && { handOver: handedOver }),
        };
        const { wakeAt, parkedAt } = toNotificationDocument(it, NOW);

        expect(wakeAt !== undefined).toBe(!isFinal(status));
        expect(wakeAt ?? 0).toBeLessThanOrEqual(it.expiresAt + 5 * 60_000);
        const isToBeSeen = isParked !== undefined || outcome === "unconfirmed";
        expect(parkedAt !== undefined).toBe(!isFinal(status) && isToBeSeen);
      },
    ),
  );
});

test("NO-D37: everything of an order goes half a year after it was of use", () => {
  const [notification] = planned({});
  const order = anOrder(NOW, { requestedSendAt: NOW + 10 * DAY_IN_SECONDS * 1000 });

  expect(toOrderDocument(order, NOW).ttl).toBe(190 * DAY_IN_SECONDS);
  if (!notification) throw new Error("Nothing is planned");
  expect(toNotificationDocument(notification, notification.expiresAt).ttl).toBe(
    180 * DAY_IN_SECONDS,
  );
});
