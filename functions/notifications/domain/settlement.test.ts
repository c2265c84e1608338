import fc from "fast-check";
import { expect, test } from "vitest";
import { deliveryStatuses, isFinal, isSuccess } from "./delivery-status.ts";
import type { HeardReport, Notification } from "./notification.ts";
import { MAX_REPORTS } from "./notification.ts";
import { type Channel, emptyTally, type Order } from "./order.ts";
import { tallyOf } from "./plan-notifications.ts";
import { orderAfter, withReport } from "./settlement.ts";

const aNotification = (index: number, channel: Channel): Notification => ({
  id: `n${index}`,
  orderId: "o",
  creator: "ttd",
  orderType: "Notification",
  index,
  channel,
  lane: "normal",
  address: "somebody@example.com",
  recipient: {},
  createdAt: 0,
  sendAt: 0,
  expiresAt: 0,
  status: "New",
  at: 0,
  failureCount: 0,
  reports: [],
});

const anOrder: Order = {
  id: "o",
  creator: "ttd",
  type: "Notification",
  createdAt: 0,
  requestedSendAt: 0,
  channelScheme: "EmailAndSms",
  recipients: [],
  traceparent: "",
  state: "Processed",
  stateAt: 0,
  tally: emptyTally,
};

interface Settled {
  readonly order: Order;
  readonly notifications: readonly Notification[];
  /** How often the order became complete. */
  readonly completions: number;
}

type Step = readonly [place: number, report: HeardReport];

const settle = (before: Settled, [place, report]: Step): Settled => {
  const index = place % before.notifications.length;
  const notification = before.notifications[index];
  if (!notification) return before;
  const after = withReport(notification, report);
  const order = orderAfter(before.order, notification, after, report.heardAt);
  const isNewlyDone = order.state === "Completed" && before.order.state !== "Completed";
  return {
    order,
    notifications: before.notifications.with(index, after),
    completions: before.completions + (isNewlyDone ? 1 : 0),
  };
};

const recount = (notifications: readonly Notification[], channel: Channel) => {
  const all = notifications.filter((it) => it.channel === channel);
  return {
    generated: all.length,
    succeeded: all.filter(({ status }) => isSuccess(channel, status)).length,
    open: all.filter(({ status }) => !isFinal(status)).length,
  };
};

const report: fc.Arbitrary<HeardReport> = fc
  .record({ status: fc.constantFrom(...deliveryStatuses), at: fc.integer({ min: 1, max: 6 }) })
  .map((it) => ({ ...it, heardAt: it.at }));

const start = fc
  .array(fc.constantFrom<Channel>("email", "sms"), { minLength: 1, maxLength: 5 })
  .map((channels): Settled => {
    const notifications = channels.map((channel, index) => aNotification(index, channel));
    const order = { ...anOrder, tally: tallyOf(notifications) };
    return { order, notifications, completions: 0 };
  });

const steps: fc.Arbitrary<readonly Step[]> = fc.array(fc.tuple(fc.nat(4), report), {
  maxLength: 40,
});

test("NO-D21, NO-D53: whatever is reported, the counts are right, and the order completes once: when nothing is open", () => {
  fc.assert(
    fc.property(start, steps, (initial, all) => {
      let now = initial;
      for (const step of all) {
        now = settle(now, step);
        for (const channel of ["email", "sms"] as const) {
          expect(now.order.tally[channel]).toEqual(recount(now.notifications, channel));
        }
        const isDone = now.notifications.every(({ status }) => isFinal(status));
        expect(now.order.state).toBe(isDone ? "Completed" : "Processed");
        expect(now.completions).toBe(isDone ? 1 : 0);
      }
    }),
  );
});

test("NO-D09: any permutation and repetition of reports ends the same, for all notifications and the order", () => {
  const outcome = ({ order, notifications }: Settled) => ({
    tally: order.tally,
    state: order.state,
    ends: notifications.map(({ status, at }) => [status, at]),
  });
  fc.assert(
    fc.property(
      start,
      steps.chain((all) => {
        const twice = [...all, ...all];
        const { length } = twice;
        const mixed = fc.shuffledSubarray(twice, { minLength: length, maxLength: length });
        return fc.tuple(fc.constant(all), mixed);
      }),
      (initial, [all, mixed]) => {
        expect(outcome(mixed.reduce(settle, initial))).toEqual(
          outcome(all.reduce(settle, initial)),
        );
      },
    ),
  );
});

test("NO-D10: every report is kept, the last ones when there are very many, and none twice", () => {
  fc.assert(
    fc.property(fc.array(report, { maxLength: 60 }), (reports) => {
      const end = reports.reduce(withReport, aNotification(0, "sms"));
      const keys = end.reports.map(({ status, at }) => `${status}@${at}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.length).toBeLessThanOrEqual(MAX_REPORTS);
      const told = new Set(
        reports.slice(0, MAX_REPORTS).map(({ status, at }) => `${status}@${at}`),
      );
      expect(keys.length).toBeGreaterThanOrEqual(Math.min(told.size, MAX_REPORTS));
    }),
  );
});
