import { describe, expect, test } from "vitest";
import { anOrder, NOW, PERSON } from "../../../test/support/order-builders.ts";
import {
  deliver,
  type ProcessingStage,
  setProcessingStage,
  stateOf,
} from "../../../test/support/processing-ports.ts";
import { RetryLater } from "../../kernel/failures.ts";
import type { Order } from "../domain/order.ts";
import { processOrder } from "./process-order.ts";
import { releaseOverdue } from "./release-overdue.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Runs the timer every minute, and notes at which it handed something on. */
async function minutesOfRelease(stage: ProcessingStage, minutes: number): Promise<number[]> {
  const releasedAt: number[] = [];
  for (let minute = 1; minute <= minutes; minute++) {
    await stage.clock.advance(MINUTE);
    const { orderCount, notificationCount } = await releaseOverdue(stage.ports);
    if (orderCount + notificationCount > 0) releasedAt.push(minute);
  }
  return releasedAt;
}

function storing(overrides: Partial<Order> = {}): ProcessingStage & { readonly order: Order } {
  const stage = setProcessingStage();
  const order = anOrder(NOW, overrides);
  stage.orders.create(order);
  return { ...stage, order };
}

describe("NO-D03 NO-D51: an order whose message was lost", () => {
  test("is handed on again under a new name each time, ever more seldom", async () => {
    const stage = storing();

    expect(await minutesOfRelease(stage, 130)).toEqual([2, 6, 14, 30, 62, 126]);
    expect([...stage.messages.sent.keys()]).toEqual(
      [1, 2, 3, 4, 5, 6].map((round) => `due.${stage.order.id}.again-${round}`),
    );
  });

  test("is handed on again when it stopped halfway, but not while its next try is still to come", async () => {
    const stage = storing({ recipients: [{ nationalIdentityNumber: PERSON }] });
    stage.world.outage = new RetryLater(1800, "profile does not answer");
    await expect(processOrder(stage.ports, stage.order.id)).rejects.toThrow(RetryLater);

    expect(await minutesOfRelease(stage, 40)).toEqual([32, 36]);
  });

  test("is left alone before its time, when it is set aside, and when it is at its end", async () => {
    const before = storing({ requestedSendAt: NOW + 2 * HOUR });
    const aside = storing({ parked: { reason: "somebody must look", at: NOW } });
    const atEnd = storing({ state: "Cancelled" });

    for (const stage of [before, aside, atEnd]) {
      expect(await minutesOfRelease(stage, 120)).toEqual([]);
    }
  });
});

describe("a notification that nobody took", () => {
  test("NO-D03 NO-D04: is handed on again, and ends when it has expired", async () => {
    const stage = storing();
    await deliver(stage, stage.order.id);

    expect(await minutesOfRelease(stage, 70)).toEqual([20, 60]);
    await stage.clock.advance(48 * HOUR);
    await releaseOverdue(stage.ports);

    expect(await stateOf(stage, stage.order.id)).toMatchObject({
      state: "Completed",
      tally: { email: { open: 0 } },
    });
    const [notification] = await stage.orders.listNotifications(stage.order.id);
    expect(notification?.status).toBe("Failed_TTL");
  });

  test("NO-D56: is not given up before its grace is over", async () => {
    const stage = storing();
    await deliver(stage, stage.order.id);
    const statusNow = async () => (await stage.orders.listNotifications(stage.order.id))[0]?.status;

    await stage.clock.advance(48 * HOUR + 5 * MINUTE - 1);
    await releaseOverdue(stage.ports);
    expect(await statusNow()).toBe("New");

    await stage.clock.advance(1);
    await releaseOverdue(stage.ports);
    expect(await statusNow()).toBe("Failed_TTL");
  });
});

test("NO-D18: a backlog of any size is worked off in one run", async () => {
  const stage = setProcessingStage();
  for (let index = 0; index < 450; index++) stage.orders.create(anOrder(NOW));
  await stage.clock.advance(2 * MINUTE);

  expect(await releaseOverdue(stage.ports)).toEqual({ orderCount: 450, notificationCount: 0 });
  expect(await releaseOverdue(stage.ports)).toEqual({ orderCount: 0, notificationCount: 0 });
});
