import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createInMemoryDeliveries,
  createInMemorySubscriptions,
} from "../../../test/support/in-memory-subscribers.ts";
import { createVirtualClock } from "../../../local/virtual-clock.ts";
import { RetryLater } from "../../kernel/failures.ts";
import type { PushRequest } from "../domain/ports.ts";
import type { StoredEvent } from "../domain/stored-event.ts";
import { interests, type Subscription } from "../domain/subscription.ts";
import { fanOutEvent, type FanOutEventPorts, fanOutToMainUnit } from "./fan-out-event.ts";

const RESOURCE = "urn:altinn:resource:a";

const stored: StoredEvent = {
  key: "k",
  subject: "/party/2",
  sequence: 1,
  registeredAt: "2026-01-05T11:00:00Z",
  traceparent: "00-00000000000000000000000000000001-0000000000000001-01",
  event: {
    specversion: "1.0",
    id: "1",
    source: "/a",
    type: "t1",
    subject: "/party/2",
    alternativesubject: "/organisation/991825827",
    resource: RESOURCE,
  },
};

const subscriptions = fc.array(
  fc.record(
    {
      resourceFilter: fc.constantFrom(RESOURCE, "urn:altinn:resource:b"),
      includeSubunits: fc.boolean(),
      subjectFilter: fc.constantFrom("/party/1", "/party/2"),
      typeFilter: fc.constantFrom("t1", "t2"),
      isMatched: fc.boolean(),
    },
    { requiredKeys: ["resourceFilter", "includeSubunits", "isMatched"] },
  ),
  { maxLength: 30 },
);

interface World {
  readonly ports: FanOutEventPorts;
  readonly pushes: PushRequest[];
  readonly postponed: { readonly subject: string; readonly key: string }[];
  readonly lookUps: string[];
  isRegisterDown: boolean;
}

async function worldOf(all: readonly Subscription[]): Promise<World> {
  const store = createInMemorySubscriptions();
  for (const it of all) await store.create(it);
  const world: World = {
    pushes: [],
    postponed: [],
    lookUps: [],
    isRegisterDown: false,
    ports: {
      clock: createVirtualClock(),
      events: { get: () => Promise.resolve(stored) } as unknown as FanOutEventPorts["events"],
      feeds: {} as FanOutEventPorts["feeds"],
      deliveries: createInMemoryDeliveries(),
      subscriptions: {
        ...store,
        listMatching(key) {
          world.lookUps.push(key);
          return store.listMatching(key);
        },
      },
      parties: {
        findMainUnit: () =>
          world.isRegisterDown
            ? Promise.reject(new RetryLater(5, "down"))
            : Promise.resolve({ urn: "", partyId: 1 }),
      } as unknown as FanOutEventPorts["parties"],
      queues: {
        requestPushes: (pushes) => Promise.resolve(void world.pushes.push(...pushes)),
        requestUnitFanOut: (event) => Promise.resolve(void world.postponed.push(event)),
        requestValidation: () => Promise.resolve(),
        requestReplay: () => Promise.resolve(),
      },
    },
  };
  return world;
}

const toSubscription = (
  { isMatched, ...filters }: Readonly<Record<string, unknown>>,
  index: number,
): Subscription => ({
  id: index + 1,
  endPoint: "https://example.com/",
  consumer: `/user/${index}`,
  createdBy: `/user/${index}`,
  created: "2026-01-05T11:00:00Z",
  validated: true,
  secret: "whsec_",
  authenticationLevel: 3,
  ...(filters as unknown as Pick<Subscription, "resourceFilter" | "includeSubunits">),
  ...(isMatched === true && { matchedSince: "2026-01-05T11:00:00Z" }),
});

const idsOf = (pushes: readonly PushRequest[]): readonly number[] =>
  pushes.map(({ subscriptionId }) => subscriptionId).sort((one, other) => one - other);

test("whom an event interests is told once, by three look-ups however many there are, also when Register comes late", async () => {
  await fc.assert(
    fc.asyncProperty(subscriptions, fc.boolean(), async (wishes, isRegisterDown) => {
      const all = wishes.map(toSubscription);
      const world = await worldOf(all);
      world.isRegisterDown = isRegisterDown;

      await fanOutEvent(world.ports, stored);
      const early = idsOf(world.pushes);
      world.isRegisterDown = false;
      for (const event of world.postponed) await fanOutToMainUnit(world.ports, event);

      const matched = all.filter(({ matchedSince }) => matchedSince !== undefined);
      const direct = matched.filter((it) => interests(it, stored.event));
      const everyone = matched.filter((it) => interests(it, stored.event, "/party/1"));
      expect(idsOf(world.pushes)).toEqual(everyone.map(({ id }) => id));
      expect(early).toEqual((isRegisterDown ? direct : everyone).map(({ id }) => id));
      expect(world.lookUps.length).toBeLessThanOrEqual(3);
      // Nobody waits for the register where nobody follows a subject.
      const hasSubjects = matched.some(
        (it) => it.resourceFilter === RESOURCE && it.subjectFilter !== undefined,
      );
      expect(world.lookUps.length).toBeGreaterThan(hasSubjects ? 1 : 0);
      expect(world.postponed).toHaveLength(Number(isRegisterDown && hasSubjects));
    }),
    { numRuns: 300 },
  );
});
