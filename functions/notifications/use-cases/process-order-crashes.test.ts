import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Effect } from "../../../test/support/in-memory-orders.ts";
import { anOrder, anSmsText, NOW, PERSON } from "../../../test/support/order-builders.ts";
import {
  deliver,
  knowPerson,
  setProcessingStage,
  stateOf,
} from "../../../test/support/processing-ports.ts";
import type { Order } from "../domain/order.ts";

class Crash extends Error {}

interface CrashPoint {
  /** Among all effects of a run, from 0. */
  readonly at: number;
  /** "after": it has happened, and nobody hears of it. */
  readonly when: "before" | "after";
}

function crashingAt(points: readonly CrashPoint[], counted: { effects: number }): Effect {
  return (_name, run) => {
    const index = counted.effects++;
    const point = points.find(({ at }) => at === index);
    if (point?.when === "before") throw new Crash();
    const result = run();
    if (point) throw new Crash();
    return result;
  };
}

const condition = { url: "https://example.com/condition", fallback: "send" as const };
const scenarios: Readonly<Record<string, Partial<Order>>> = {
  "one address": {},
  "more than are stored at once": {
    recipients: [..."abcde"].map((name) => ({ emailAddress: `${name}@example.com` })),
  },
  "a person by both channels, if a condition is met": {
    channelScheme: "EmailAndSms",
    sms: anSmsText,
    recipients: [{ nationalIdentityNumber: PERSON }],
    condition,
  },
  "nobody who can be told": { recipients: [{ nationalIdentityNumber: "02877560042" }] },
};

/** What an order came to; after each crash its message comes again, as from the broker. */
async function comeTo(order: Order, points: readonly CrashPoint[]) {
  const counted = { effects: 0 };
  const stage = setProcessingStage(crashingAt(points, counted));
  knowPerson(stage);
  stage.orders.create(order);
  for (let tries = 0; tries <= points.length; tries++) {
    try {
      await deliver(stage, order.id);
      break;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
  const end = {
    order: await stateOf(stage, order.id),
    notifications: await stage.orders.listNotifications(order.id),
    messages: [...stage.messages.sent.keys()].sort(),
    history: stage.orders.history,
  };
  return { end, effectCount: counted.effects };
}

describe.each(Object.entries(scenarios))("NO-D03 NO-D05 NO-D39 NO-D51: %s", (_name, overrides) => {
  const order = anOrder(NOW, overrides);

  test("a crash before or after any one effect changes nothing of the end", async () => {
    const undisturbed = await comeTo(order, []);
    for (let at = 0; at < undisturbed.effectCount; at++) {
      for (const when of ["before", "after"] as const) {
        const { end } = await comeTo(order, [{ at, when }]);
        expect({ at, when, end }).toEqual({ at, when, end: undisturbed.end });
      }
    }
    expect(undisturbed.effectCount).toBeGreaterThanOrEqual(2);
  });

  test("however often it crashes on the way, the end is the same", async () => {
    const undisturbed = await comeTo(order, []);
    const points = fc.uniqueArray(
      fc.record({ at: fc.nat(20), when: fc.constantFrom("before" as const, "after" as const) }),
      { selector: ({ at }) => at, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(points, async (some) => {
        expect((await comeTo(order, some)).end).toEqual(undisturbed.end);
      }),
      { numRuns: 60 },
    );
  });
});
