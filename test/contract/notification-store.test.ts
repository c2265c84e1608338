/** What processing relies on in the store of orders: once in memory, once on the real SDK and the local Cosmos DB. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCosmosOrderStore } from "../../functions/notifications/adapters/cosmos-order-store.ts";
import type { Notification } from "../../functions/notifications/domain/notification.ts";
import type { Order } from "../../functions/notifications/domain/order.ts";
import type { Versioned } from "../../functions/notifications/domain/ports.ts";
import { shipmentIdOf } from "../../functions/notifications/domain/shipment-id.ts";
import { createVirtualClock } from "../../local/virtual-clock.ts";
import { startTestCosmos, type TestCosmos } from "../support/cosmos.ts";
import { createInMemoryOrders, type ProcessingStore } from "../support/in-memory-orders.ts";
import { anOrder, NOW, planned } from "../support/order-builders.ts";

interface Subject {
  readonly store: ProcessingStore;
  readonly create: (order: Order) => Promise<void>;
}

const clock = createVirtualClock(NOW);

const inMemory = (): Subject => {
  const store = createInMemoryOrders(clock);
  return {
    store,
    create: async (order) => {
      await Promise.resolve();
      store.create(order);
    },
  };
};

let cosmos: TestCosmos;

beforeAll(async () => {
  cosmos = await startTestCosmos(clock);
});

afterAll(() => cosmos.stop());

const onCosmos = (): Subject => {
  const store = createCosmosOrderStore(
    cosmos.documentsIn("orders"),
    cosmos.documentsIn("orderReferences"),
    clock,
  );
  return {
    store,
    create: async (order) => {
      const { id, creator, createdAt } = order;
      const chain = { id, creator, createdAt, type: "legacy" as const, payloadHash: "" };
      await store.register({ chain: { ...chain, shipments: [{ id }] }, orders: [order] });
    },
  };
};

const many = (order: Order, count: number): readonly Notification[] =>
  planned({
    ...order,
    recipients: Array.from({ length: count }, (_, index) => ({
      emailAddress: `a${index}@example.com`,
    })),
  });

describe.each([
  ["in memory", inMemory],
  ["on Cosmos DB", onCosmos],
])("a store of orders %s", (_where, open) => {
  const start = async (overrides: Partial<Order> = {}) => {
    const { store, create } = open();
    const order = anOrder(NOW, { state: "Processing", ...overrides });
    await create(order);
    const read = async () => {
      const found = await store.getOrder(order.id);
      if (!found) throw new Error("The order is gone");
      return found;
    };
    return { store, order, read };
  };
  const processed = ({ value, version }: { value: Order; version: string }) => ({
    version,
    value: { ...value, state: "Processed" as const },
  });

  test("keeps very many notifications in their order, and then the order's new state", async () => {
    const { store, order, read } = await start();
    const all = many(order, 250);

    expect(await store.addNotifications(processed(await read()), all)).toBe("changed");

    expect(await store.listNotifications(order.id)).toEqual(all);
    expect((await read()).value.state).toBe("Processed");
  });

  test("keeps notifications whose own texts are too large for one write", async () => {
    const { store, order, read } = await start();
    const all = many(order, 12).map((it) => ({ ...it, body: "å".repeat(200_000) }));

    expect(await store.addNotifications(processed(await read()), all)).toBe("changed");

    expect((await store.listNotifications(order.id)).map(({ id }) => id)).toEqual(
      all.map(({ id }) => id),
    );
  });

  test("passes over what a former try has stored", async () => {
    const { store, order, read } = await start();
    const all = many(order, 250);
    const before = await read();
    // What a crash in the middle leaves behind: notifications, and the order as it was.
    await store.addNotifications(before, all.slice(0, 120));

    expect(await store.addNotifications(processed(await read()), all)).toBe("changed");

    expect(await store.listNotifications(order.id)).toEqual(all);
  });

  test("adds nothing to an order that somebody else has changed", async () => {
    const { store, order, read } = await start();
    const before = await read();
    await store.replaceOrder({ ...before, value: { ...order, sendersReference: "changed" } });

    for (const count of [1, 250]) {
      expect(await store.addNotifications(processed(before), many(order, count))).toBe("outdated");
    }
    expect(await store.replaceOrder(processed(before))).toBe("outdated");

    expect((await read()).value).toMatchObject({
      state: "Processing",
      sendersReference: "changed",
    });
    expect(await store.listNotifications(order.id)).toEqual([]);
  });

  test("gives what a change has made, to be changed again without reading", async () => {
    const { store, read } = await start();

    const changed = await store.replaceOrder(processed(await read()));

    expect(changed).toEqual(await read());
    expect(await store.replaceOrder(changed as Versioned<Order>)).toMatchObject({
      value: { state: "Processed" },
    });
  });

  test("finds a notification and its order together; of what is not there, the other alone", async () => {
    const { store, order, read } = await start();
    const [first, second] = many(order, 2);
    const [id = "", absent = ""] = [first?.id, second?.id];
    await store.addNotifications(processed(await read()), first ? [first] : []);
    const notification = await store.getNotification(order.id, id);
    const stored = await read();

    expect(await store.getNotificationWithOrder(order.id, id)).toEqual({
      notification,
      order: stored,
    });
    expect(await store.getNotificationWithOrder(order.id, absent)).toEqual({ order: stored });
    const elsewhere = shipmentIdOf(order.id, 1);
    expect(await store.getNotificationWithOrder(elsewhere, id)).toEqual({ notification });
    expect(await store.getNotificationWithOrder(elsewhere, absent)).toEqual({});
  });

  test("finds what lags behind, and not what has moved on", async () => {
    const { store, order, read } = await start({ state: "Registered", requestedSendAt: NOW });
    const isListed = async (after: number) =>
      (await store.listOverdue(NOW + after, 1000)).some(({ orderId }) => orderId === order.id);

    expect(await isListed(119_999)).toBe(false);
    expect(await isListed(120_000)).toBe(true);

    const before = await read();
    const handOver = { round: 1, at: NOW + 120_000 };
    await store.replaceOrder({ ...before, value: { ...order, handOver } });
    expect(await isListed(120_000)).toBe(false);
    expect(await isListed(360_000)).toBe(true);
  });
});
