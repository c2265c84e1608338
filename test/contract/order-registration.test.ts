/** What the steps rely on when they store orders; through the real SDK. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCosmosOrderStore } from "../../functions/notifications/adapters/cosmos-order-store.ts";
import { chainIdFor } from "../../functions/notifications/domain/chain-id.ts";
import type { Chain, Order } from "../../functions/notifications/domain/order.ts";
import type { OrderStore } from "../../functions/notifications/domain/ports.ts";
import { MAX_REMINDERS, shipmentIdOf } from "../../functions/notifications/domain/shipment-id.ts";
import { createVirtualClock } from "../../local/virtual-clock.ts";
import { startTestCosmos, type TestCosmos } from "../support/cosmos.ts";
import { anOrder } from "../support/order-builders.ts";

const clock = createVirtualClock();
let cosmos: TestCosmos;
let store: OrderStore;

beforeAll(async () => {
  cosmos = await startTestCosmos(clock);
  store = createCosmosOrderStore(
    cosmos.documentsIn("orders"),
    cosmos.documentsIn("orderReferences"),
    clock,
  );
});

afterAll(() => cosmos.stop());

function aChain(idempotencyId: string, reminderCount = 0, overrides: Partial<Order> = {}) {
  const id = chainIdFor("ttd", "future", idempotencyId);
  const orders = Array.from({ length: reminderCount + 1 }, (_, place) =>
    anOrder(clock.now(), {
      ...overrides,
      id: shipmentIdOf(id, place),
      type: place === 0 ? "Notification" : "Reminder",
    }),
  );
  const chain: Chain = {
    id,
    creator: "ttd",
    type: "future",
    idempotencyId,
    payloadHash: "hash",
    createdAt: clock.now(),
    shipments: orders.map((order) => ({ id: order.id })),
  };
  return { chain, orders };
}

describe("registering", () => {
  test("a chain is stored once; its repeat is told of the first, another payload of the conflict", async () => {
    const first = aChain("once", 2);
    const other = { ...first, chain: { ...first.chain, payloadHash: "other" } };

    expect(await store.register(first)).toEqual({ kind: "registered" });
    expect(await store.register(first)).toEqual({ kind: "repeated", known: first.chain });
    expect(await store.register(other)).toEqual({ kind: "conflict" });
    expect(await store.findChain("ttd", "future", "once")).toEqual(first.chain);
    expect(await store.findChain("skd", "future", "once")).toBeUndefined();
    expect(await store.listOrdersOfChain(first.chain.id)).toEqual(first.orders);
  });

  test("a crash between the pointers and the chain is completed by the repeat", async () => {
    const documents = cosmos.documentsIn("orders");
    const crashing = createCosmosOrderStore(
      { ...documents, batch: () => Promise.reject(new Error("crash")) },
      cosmos.documentsIn("orderReferences"),
      clock,
    );
    const chain = aChain("crashed", 0, { sendersReference: "crashed" });
    const found = async () =>
      (await store.listByReference("ttd", "crashed", { limit: 10 })).orders.map(({ id }) => id);

    await expect(crashing.register(chain)).rejects.toThrow("crash");
    expect(await found()).toEqual([]);
    expect(await store.register(chain)).toEqual({ kind: "registered" });
    expect(await found()).toEqual(chain.orders.map(({ id }) => id));
  });

  test("as many reminders as are allowed fit into one batch", async () => {
    const chain = aChain("longest", MAX_REMINDERS);

    expect(await store.register(chain)).toEqual({ kind: "registered" });
    expect(await store.listOrdersOfChain(chain.chain.id)).toHaveLength(MAX_REMINDERS + 1);
  });

  test("an order is found by its id in any letter case, a chain by that of any of its orders", async () => {
    const { chain, orders } = aChain("found");
    await store.register({ chain, orders });
    const id = orders[0]?.id ?? "";

    expect((await store.getOrder(id.toUpperCase()))?.value).toEqual(orders[0]);
    expect(await store.getChain(id)).toEqual(chain);
    expect(await store.getOrder(chain.id)).toBeUndefined();
  });
});

test("an order is replaced only as it was read", async () => {
  const { chain, orders } = aChain("replaced");
  await store.register({ chain, orders });
  const found = await store.getOrder(orders[0]?.id ?? "");
  if (!found) throw new Error("It is not there");
  const value: Order = { ...found.value, state: "Cancelled" };

  expect(await store.replaceOrder({ ...found, value })).toMatchObject({ value });
  expect(await store.replaceOrder({ ...found, value })).toBe("outdated");
});

describe("by reference", () => {
  test("NO-D38: many orders come page by page, newest first, each once", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) {
      await clock.advance(1000);
      const chain = aChain(`page-${count}`, 0, { sendersReference: "pages" });
      await store.register(chain);
      ids.unshift(chain.orders[0]?.id ?? "");
    }
    const found: string[] = [];
    const counts: number[] = [];
    let continuation: string | undefined;
    do {
      const page = await store.listByReference("ttd", "pages", {
        limit: 2,
        ...(continuation !== undefined && { continuation }),
      });
      found.push(...page.orders.map(({ id }) => id));
      counts.push(page.orders.length);
      continuation = page.continuation;
    } while (continuation !== undefined);

    expect(found).toEqual(ids);
    expect(counts.slice(0, 3)).toEqual([2, 2, 1]);
  });

  test("references are told apart to the letter, and creators from each other", async () => {
    await store.register(aChain("letters", 0, { sendersReference: "ours\u0000A" }));

    const page = { limit: 10 };
    expect((await store.listByReference("ttd", "ours\u0000A", page)).orders).toHaveLength(1);
    expect((await store.listByReference("ttd", "ours\u0000a", page)).orders).toEqual([]);
    expect((await store.listByReference("skd", "ours\u0000A", page)).orders).toEqual([]);
  });

  test("a made-up continuation is told as such", async () => {
    await expect(
      store.listByReference("ttd", "pages", { limit: 2, continuation: "none" }),
    ).rejects.toMatchObject({ code: "cursor-unknown" });
  });
});
