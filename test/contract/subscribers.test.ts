/** The stores of subscriptions and deliveries: what the ports promise, in memory and on Cosmos DB. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCosmosDeliveryLog } from "../../functions/events/adapters/cosmos-delivery-log.ts";
import { createCosmosSubscriptionStore } from "../../functions/events/adapters/cosmos-subscription-store.ts";
import { createRememberedSubscriptions } from "../../functions/events/adapters/remembered-subscriptions.ts";
import type { Delivery } from "../../functions/events/domain/delivery.ts";
import type {
  DeliveryLog,
  DeliverySelection,
  SubscriptionStore,
} from "../../functions/events/domain/ports.ts";
import { matchKeyOf, type Subscription } from "../../functions/events/domain/subscription.ts";
import { validate } from "../../functions/events/domain/subscription-state.ts";
import { createVirtualClock } from "../../local/virtual-clock.ts";
import { startTestCosmos, type TestCosmos } from "../support/cosmos.ts";
import {
  createInMemoryDeliveries,
  createInMemorySubscriptions,
} from "../support/in-memory-subscribers.ts";

let cosmos: TestCosmos;

beforeAll(async () => {
  cosmos = await startTestCosmos(createVirtualClock());
});

afterAll(() => cosmos.stop());

let lastId = 0;
const AT = "2026-01-05T11:00:00Z";

const aSubscription = (overrides: Partial<Subscription> = {}): Subscription => ({
  id: ++lastId,
  endPoint: `https://example.com/${lastId}`,
  consumer: `/user/${lastId}`,
  createdBy: `/user/${lastId}`,
  created: AT,
  validated: false,
  secret: "whsec_",
  authenticationLevel: 3,
  resourceFilter: `urn:altinn:resource:r${lastId}`,
  includeSubunits: false,
  ...overrides,
});

const stores: readonly (readonly [string, () => SubscriptionStore])[] = [
  ["in memory", createInMemorySubscriptions],
  ["on Cosmos DB", () => createCosmosSubscriptionStore(cosmos.documentsIn("subscriptions"))],
];

describe.each(stores)("subscriptions %s", (_name, create) => {
  test("a wish is created once; another with its id is told so", async () => {
    const store = create();
    const one = aSubscription();

    expect(await store.create(one)).toBe("created");
    expect(await store.create({ ...one, secret: "whsec_other" })).toBe("exists");
    expect(await store.create({ ...one, endPoint: "https://example.com/x" })).toBe("taken");
    expect(await store.get(one.id)).toEqual(one);
  });

  test("it is found for matching from its first validation to its end, under the key of its filters", async () => {
    const store = create();
    const one = aSubscription();
    const key = matchKeyOf(one.resourceFilter, undefined);
    const ofSubject = matchKeyOf(one.resourceFilter, "/party/1");
    await store.create(one);
    expect(await store.listMatching(key)).toEqual([]);

    await store.update(one.id, (it) => validate(it, AT));
    expect(await store.listMatching(key)).toMatchObject([{ id: one.id }]);
    expect(await store.hasSubjects(one.resourceFilter)).toBe(false);
    await store.update(one.id, (it) => ({ ...it, subjectFilter: "/party/1", validated: false }));
    expect(await store.listMatching(key)).toEqual([]);
    expect(await store.listMatching(ofSubject)).toMatchObject([{ id: one.id }]);
    expect(await store.hasSubjects(one.resourceFilter.toUpperCase())).toBe(true);
    expect(await store.countOf(one.consumer)).toBe(1);

    await store.delete(one);
    expect(await store.listMatching(ofSubject)).toEqual([]);
    expect(await store.listOf(one.consumer)).toEqual([]);
    expect(await store.update(one.id, (it) => it)).toBeUndefined();
    expect(await store.get(one.id)).toBeUndefined();
  });

  test("changes at the same time all count", async () => {
    const store = create();
    const one = aSubscription();
    await store.create(one);

    await Promise.all(
      Array.from({ length: 10 }, () =>
        store.update(one.id, (it) => ({ ...it, authenticationLevel: it.authenticationLevel + 1 })),
      ),
    );

    expect((await store.get(one.id))?.authenticationLevel).toBe(13);
  });
});

test("however changes of the filters and the end of a subscription fall together, it is found where it says, or nowhere", async () => {
  const anInstance = () => createCosmosSubscriptionStore(cosmos.documentsIn("subscriptions"));
  const store = anInstance();
  const other = anInstance();
  const subjects = ["/party/1", "/party/2", "/party/3"];
  const one = aSubscription({ validated: true, matchedSince: AT });
  const found = async () => {
    const keys = subjects.map((subject) => matchKeyOf(one.resourceFilter, subject));
    const lists = await Promise.all(keys.map((key) => store.listMatching(key)));
    return lists.flat().map(({ subjectFilter }) => subjectFilter);
  };
  await store.create(one);

  await Promise.all(
    [...subjects, ...subjects].flatMap((subjectFilter) => [
      store.update(one.id, (it) => ({ ...it, subjectFilter })),
      other.update(one.id, (it) => ({ ...it, subjectFilter })),
    ]),
  );
  expect(await found()).toEqual([(await store.get(one.id))?.subjectFilter]);

  await Promise.all([
    store.update(one.id, (it) => ({ ...it, subjectFilter: "/party/1" })),
    store.delete(one),
    other.update(one.id, (it) => ({ ...it, subjectFilter: "/party/2" })),
  ]);
  expect(await found()).toEqual([]);
  expect(await store.countOf(one.consumer)).toBe(0);
});

const aDelivery = (key: string, overrides: Partial<Delivery> = {}): Delivery => ({
  subscriptionId: lastId,
  key,
  eventId: key,
  subject: "/party/1",
  sequence: 1,
  registeredAt: "2026-01-05T11:00:00.0000001Z",
  state: "held",
  attempts: [],
  earlierAttempts: 0,
  round: "",
  updatedAt: AT,
  ...overrides,
});

const selecting = (overrides: Partial<DeliverySelection> = {}): DeliverySelection => ({
  subscriptionId: lastId,
  states: ["held"],
  from: "0",
  to: "9",
  round: "now",
  ...overrides,
});

const logs: readonly (readonly [string, () => DeliveryLog])[] = [
  ["in memory", createInMemoryDeliveries],
  ["on Cosmos DB", () => createCosmosDeliveryLog(cosmos.documentsIn("deliveries"))],
];

const keysOf = (deliveries: readonly Delivery[]) => deliveries.map(({ key }) => key);

describe.each(logs)("deliveries %s", (_name, create) => {
  test("a selection is by state, time and round, oldest event first", async () => {
    lastId += 1;
    const log = create();
    const at = (second: number): string => `2026-01-05T11:00:0${second}.0000000Z`;
    await log.put(aDelivery("third", { registeredAt: at(3), sequence: 3 }));
    await log.put(aDelivery("first", { registeredAt: at(1), sequence: 1 }));
    await log.put(aDelivery("second", { registeredAt: at(2), sequence: 2, state: "pending" }));
    await log.put(aDelivery("done", { registeredAt: at(1), state: "delivered" }));
    await log.put(aDelivery("taken-up", { registeredAt: at(1), round: "now" }));

    expect(keysOf(await log.select(selecting(), 10))).toEqual(["first", "third"]);
    expect(keysOf(await log.select(selecting({ states: ["held", "pending"] }), 2))).toEqual([
      "first",
      "second",
    ]);
    expect(keysOf(await log.select(selecting({ from: at(2), to: at(3) }), 10))).toEqual(["third"]);
    expect(await log.count(selecting({ states: ["held", "pending"] }))).toBe(3);
    const first = aDelivery("first", { sequence: 1 });
    expect(await log.hasLater(selecting(), first)).toBe(true);
    expect(await log.hasLater(selecting(), { ...first, sequence: 3 })).toBe(false);
    expect(await log.hasLater(selecting(), { ...first, subject: "/party/2" })).toBe(false);
  });

  test("a delivery moves only from where it was seen", async () => {
    lastId += 1;
    const log = create();
    const seen = aDelivery("one");
    await log.put({ ...seen, state: "delivered" });

    await log.move(seen, { ...seen, state: "skipped" });
    expect(await log.get(lastId, "one")).toMatchObject({ state: "delivered" });
    await log.put(seen);
    await log.move(seen, { ...seen, state: "skipped" });
    expect(await log.get(lastId, "one")).toMatchObject({ state: "skipped" });
  });

  test("the latest come first, and whether anything got through since is known", async () => {
    lastId += 1;
    const log = create();
    await log.put(aDelivery("a", { updatedAt: "2026-01-05T11:00:01Z" }));
    await log.put(aDelivery("b", { updatedAt: "2026-01-05T11:00:02Z", state: "delivered" }));
    await log.put(aDelivery("c", { updatedAt: "2026-01-05T11:00:03Z" }));

    expect(keysOf(await log.listOf(lastId, 2))).toEqual(["c", "b"]);
    expect(keysOf(await log.listOf(lastId, 2, "held"))).toEqual(["c", "a"]);
    expect(await log.hasDelivered(lastId, "2026-01-05T11:00:02Z")).toBe(true);
    expect(await log.hasDelivered(lastId, "2026-01-05T11:00:03Z")).toBe(false);
  });
});

test("what one instance changes counts there at once, and in another one within five seconds", async () => {
  const clock = createVirtualClock();
  const anInstance = () =>
    createRememberedSubscriptions(
      createCosmosSubscriptionStore(cosmos.documentsIn("subscriptions")),
      clock,
    );
  const [here, there] = [anInstance(), anInstance()];
  const subjectFilter = "/party/1";
  const one = aSubscription({ validated: true, matchedSince: AT, subjectFilter });
  const seen = async (store: SubscriptionStore) => {
    const key = matchKeyOf(one.resourceFilter, subjectFilter);
    return (await store.hasSubjects(one.resourceFilter)) && (await store.listMatching(key)).length;
  };
  expect([await seen(here), await seen(there)]).toEqual([false, false]);

  await here.create(one);
  expect(await seen(here)).toBe(1);
  await clock.advance(5000);
  expect(await seen(there)).toBe(1);

  await here.delete(one);
  expect(await seen(here)).toBe(0);
  await clock.advance(5000);
  expect(await seen(there)).toBe(0);
});

test("however many events there are, their keys are looked up once in two seconds, by one request each", async () => {
  const clock = createVirtualClock();
  const store = createRememberedSubscriptions(
    createCosmosSubscriptionStore(cosmos.documentsIn("subscriptions")),
    clock,
  );
  cosmos.server.counters.reset();

  for (let events = 0; events < 100; events++) {
    await store.hasSubjects("urn:altinn:resource:busy");
    await store.listMatching(matchKeyOf("urn:altinn:resource:busy", undefined));
    await clock.advance(100);
  }

  expect(cosmos.server.counters.total({ container: "subscriptions" }).requestCount).toBe(10);
});
