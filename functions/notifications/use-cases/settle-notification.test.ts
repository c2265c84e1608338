import fc from "fast-check";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../../local/virtual-clock.ts";
import { createInMemoryOrders, type Effect } from "../../../test/support/in-memory-orders.ts";
import { anOrder, nobody, NOW, rules } from "../../../test/support/order-builders.ts";
import { type DeliveryStatus, isFinal, isSuccess } from "../domain/delivery-status.ts";
import type { Order } from "../domain/order.ts";
import { planNotifications } from "../domain/plan-notifications.ts";
import { withReport } from "../domain/settlement.ts";
import { settleNotification, type SettlePorts } from "./settle-notification.ts";
import { createSettleTogether, type Step } from "./settle-together.ts";

/** A processed order with so many recipients, all of whose e-mails are under way. */
async function arrange(count: number, effect?: Effect) {
  const clock = createVirtualClock(NOW);
  const orders = createInMemoryOrders(clock, effect);
  const recipients = Array.from({ length: count }, (_, index) => ({
    emailAddress: `somebody-${index}@example.com`,
  }));
  const tally = { generated: count, succeeded: 0, open: count };
  const order: Order = {
    ...anOrder(NOW, { channelScheme: "Email", recipients }),
    state: "Processed",
    tally: { email: tally, sms: { generated: 0, succeeded: 0, open: 0 } },
  };
  const notifications = planNotifications(order, nobody, NOW, rules);
  orders.create({ ...order, state: "Processing" });
  const stored = await orders.getOrder(order.id);
  if (stored) await orders.addNotifications({ ...stored, value: order }, notifications);
  return {
    clock,
    orders,
    orderId: order.id,
    ids: notifications.map(({ id }) => id),
    /** One instance of the app. */
    instance: (store: SettlePorts["orders"] = orders): SettlePorts => ({
      clock,
      orders: store,
      settleTogether: createSettleTogether({ clock, orders: store }),
    }),
    found: async () => {
      const all = await orders.listNotifications(order.id);
      return {
        order: (await orders.getOrder(order.id))?.value,
        statuses: all.map((it) => it.status),
      };
    },
  };
}

const reported =
  (status: DeliveryStatus, at = NOW): Step =>
  (it) =>
    withReport(it, { status, at, heardAt: NOW });

test("a hundred reports about one order at once are a handful of writes, and all of them count", async () => {
  let writes = 0;
  const { ids, orderId, instance, found } = await arrange(100, (name, run) => {
    if (name === "settle") writes += 1;
    return run();
  });
  const ports = instance();

  const settled = await Promise.all(
    ids.map((id) =>
      settleNotification(ports, { orderId, notificationId: id }, reported("Delivered")),
    ),
  );

  expect(settled.map((it) => it?.notification.value.id)).toEqual(ids);
  expect(writes).toBe(5); // twenty at a time
  expect(await found()).toMatchObject({
    order: { state: "Completed", tally: { email: { open: 0, succeeded: 100 } } },
  });
});

test("a change that cannot be written with any other fails alone", async () => {
  let poison = "";
  const { ids, orderId, instance, found, orders } = await arrange(10);
  poison = ids[4] ?? "";
  const settle: typeof orders.settle = (changed, order) =>
    changed.some(({ value }) => value.id === poison)
      ? Promise.reject(new Error("Request size is too large"))
      : orders.settle(changed, order);
  const ports = instance({ ...orders, settle });

  const outcomes = await Promise.allSettled(
    ids.map((id) =>
      settleNotification(ports, { orderId, notificationId: id }, reported("Delivered")),
    ),
  );

  expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
  expect(outcomes[4]?.status).toBe("rejected");
  expect((await found()).order?.tally.email).toEqual({ generated: 10, open: 1, succeeded: 9 });
});

test("NO-D05: whoever reports what and when, at whichever instance, an order counts what its notifications say", async () => {
  const statuses = ["Delivered", "Failed_Bounced", "Sending", "Succeeded", "Failed"] as const;
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({ min: 1, max: 6 }),
      fc.array(
        fc.record({
          instance: fc.nat({ max: 1 }),
          place: fc.nat({ max: 5 }),
          status: fc.constantFrom(...statuses),
          at: fc.integer({ min: NOW, max: NOW + 3 }),
        }),
        { maxLength: 30 },
      ),
      async (scheduler, count, reports) => {
        const { ids, orderId, instance, orders, found } = await arrange(count);
        const read: typeof orders.getNotificationsWithOrder = async (order, some) => {
          const result = await orders.getNotificationsWithOrder(order, some);
          await scheduler.schedule(Promise.resolve()); // what was read may be old by now
          return result;
        };
        const slow = { ...orders, getNotificationsWithOrder: read };
        const instances = [instance(slow), instance(slow)];
        const all = Promise.all(
          reports.map(async ({ instance: at, place, status, at: when }) => {
            await scheduler.schedule(Promise.resolve());
            const ports = instances[at];
            const notificationId = ids[place % count] ?? "";
            if (!ports) return;
            await settleNotification(ports, { orderId, notificationId }, reported(status, when));
          }),
        );
        await scheduler.waitFor(all);

        const { order, statuses: now } = await found();
        expect(order?.tally.email).toEqual({
          generated: count,
          open: now.filter((it) => !isFinal(it)).length,
          succeeded: now.filter((it) => isSuccess("email", it)).length,
        });
        expect(order?.state === "Completed").toBe(now.every(isFinal));
      },
    ),
  );
});
