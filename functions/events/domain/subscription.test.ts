import fc from "fast-check";
import { expect, test } from "vitest";
import type { ResourceEvent } from "./cloud-event.ts";
import {
  interests,
  matchKeyOf,
  matchKeysOf,
  type SubscriptionFilters,
  subscriptionIdOf,
} from "./subscription.ts";

const resources = ["urn:altinn:resource:app_ttd_a", "urn:altinn:resource:b"] as const;
const subjects = ["/party/1", "/party/2"] as const;
const types = ["a", "a.b", "a.c", "d"] as const;

const event = fc.record(
  {
    specversion: fc.constant("1.0" as const),
    id: fc.constant("1"),
    source: fc.constantFrom("https://h.no/ttd/a/1", "https://i.no/ttd/a/1", "/relative"),
    type: fc.constantFrom(...types),
    resource: fc.constantFrom(...resources, "urn:altinn:resource:app_ttd_A"),
    subject: fc.constantFrom(...subjects, "party/1"),
  },
  { requiredKeys: ["specversion", "id", "source", "type", "resource"] },
) as fc.Arbitrary<ResourceEvent>;

const filters = fc.record(
  {
    resourceFilter: fc.constantFrom(...resources),
    includeSubunits: fc.constant(false),
    subjectFilter: fc.constantFrom(...subjects),
    typeFilter: fc.constantFrom(...types),
    typeFilters: fc.constantFrom(["a"], ["a.*"], ["d", "a.b"]),
    sourceFilter: fc.constant("https://h.no/ttd/a"),
  },
  { requiredKeys: ["resourceFilter", "includeSubunits"] },
) as fc.Arbitrary<SubscriptionFilters>;

/** Every rule spelled out, without keys and without cleverness. */
const naive = (it: SubscriptionFilters, about: ResourceEvent): boolean => {
  const subject = about.subject === "party/1" ? "/party/1" : about.subject;
  if (it.resourceFilter !== about.resource.toLowerCase()) return false;
  if (it.subjectFilter !== undefined && it.subjectFilter !== subject) return false;
  if (it.typeFilter !== undefined && it.typeFilter !== about.type) return false;
  if (it.sourceFilter !== undefined && !about.source.startsWith("https://h.no/ttd/")) return false;
  return (it.typeFilters ?? [about.type]).some((wanted) =>
    wanted === "a.*" ? about.type.startsWith("a.") : wanted === about.type,
  );
};

test("EV-D35: what the keys and the filters find is what a naive matcher finds", () => {
  fc.assert(
    fc.property(event, fc.array(filters), (about, all) => {
      const keys = new Set(matchKeysOf(about));
      const found = all.filter(
        (it) => keys.has(matchKeyOf(it.resourceFilter, it.subjectFilter)) && interests(it, about),
      );

      expect(found).toEqual(all.filter((it) => naive(it, about)));
    }),
    { numRuns: 2000 },
  );
});

test("an event is looked up under two keys at most, however many subscriptions there are", () => {
  fc.assert(
    fc.property(event, (about) => {
      expect(matchKeysOf(about).length).toBeLessThanOrEqual(2);
    }),
  );
});

test("who includes sub-units is told of them; who does not is not", () => {
  const about: ResourceEvent = {
    specversion: "1.0",
    id: "1",
    source: "https://h.no/1",
    type: "a",
    resource: resources[1],
    subject: "/party/2",
  };
  const ofMainUnit = { resourceFilter: resources[1], subjectFilter: "/party/1" };

  expect(interests({ ...ofMainUnit, includeSubunits: true }, about, "/party/1")).toBe(true);
  expect(interests({ ...ofMainUnit, includeSubunits: false }, about, "/party/1")).toBe(false);
});

test("the same wish has the same id, a whole number that JSON keeps", () => {
  const wish = {
    resourceFilter: resources[1],
    includeSubunits: false,
    endPoint: "https://h.no/",
    consumer: "/org/ttd",
  };

  expect(subscriptionIdOf(wish, 0)).toBe(subscriptionIdOf({ ...wish }, 0));
  expect(Number.isSafeInteger(subscriptionIdOf(wish, 0))).toBe(true);
  expect(subscriptionIdOf(wish, 0)).not.toBe(subscriptionIdOf({ ...wish, consumer: "/org/x" }, 0));
});
