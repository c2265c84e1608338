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
    source: fc.constantFrom(
      "https://h.no/ttd/a",
      "https://h.no/ttd/a/1",
      "https://h.no/ttd/ab",
      "https://i.no/ttd/a/1",
      "/relative",
    ),
    type: fc.constantFrom(...types),
    resource: fc.constantFrom(...resources, "urn:altinn:resource:app_ttd_A"),
    subject: fc.constantFrom(...subjects, "party/1"),
  },
  { requiredKeys: ["specversion", "id", "source", "type", "resource"] },
) as fc.Arbitrary<ResourceEvent>;

const filters = fc.record(
  {
    resourceFilter: fc.constantFrom(...resources),
    includeSubunits: fc.boolean(),
    subjectFilter: fc.constantFrom(...subjects),
    typeFilter: fc.constantFrom(...types),
    typeFilters: fc.constantFrom(["a"], ["a.*"], ["d", "a.b"]),
    sourceFilter: fc.constant("https://h.no/ttd/a"),
    sourcePrefixes: fc.constantFrom(["https://h.no/ttd/a"], ["https://h.no/ttd/a/", "/relative"]),
  },
  { requiredKeys: ["resourceFilter", "includeSubunits"] },
) as fc.Arbitrary<SubscriptionFilters>;

/** Sources that a prefix stands for, spelled out. */
const below: Readonly<Record<string, readonly string[]>> = {
  "https://h.no/ttd/a": ["https://h.no/ttd/a", "https://h.no/ttd/a/1"],
  "https://h.no/ttd/a/": ["https://h.no/ttd/a", "https://h.no/ttd/a/1"],
  "/relative": ["/relative"],
};

/** Types that a filter stands for, spelled out. */
const ofType: Readonly<Record<string, readonly string[]>> = { "a.*": ["a.b", "a.c"] };

/** Every rule spelled out, without keys and without cleverness. */
const naive = (it: SubscriptionFilters, about: ResourceEvent, mainUnit?: string): boolean => {
  const subject = about.subject === "party/1" ? "/party/1" : about.subject;
  const prefixes = it.sourcePrefixes?.flatMap((prefix) => below[prefix] ?? []);
  const wantedTypes = it.typeFilters?.flatMap((wanted) => ofType[wanted] ?? [wanted]);
  const rules: readonly (boolean | undefined)[] = [
    it.resourceFilter === about.resource.toLowerCase(),
    [undefined, subject, it.includeSubunits ? mainUnit : subject].includes(it.subjectFilter),
    [undefined, about.type].includes(it.typeFilter),
    wantedTypes?.includes(about.type),
    it.sourceFilter === undefined || about.source.startsWith("https://h.no/ttd/"),
    prefixes?.includes(about.source),
  ];
  return !rules.includes(false);
};

const mainUnits = fc.option(fc.constantFrom(...subjects), { nil: undefined });

test("EV-D35: what the keys and the filters find is what a naive matcher finds", () => {
  fc.assert(
    fc.property(event, fc.array(filters), mainUnits, (about, all, mainUnit) => {
      const keys = new Set(matchKeysOf(about, true));
      const further = mainUnit === undefined ? [] : [matchKeyOf(about.resource, mainUnit)];
      const found = all.filter((it) => {
        const key = matchKeyOf(it.resourceFilter, it.subjectFilter);
        return (
          (keys.has(key) && interests(it, about)) ||
          (further.includes(key) && interests(it, about, mainUnit))
        );
      });

      expect(found).toEqual(all.filter((it) => naive(it, about, mainUnit)));
    }),
    { numRuns: 2000 },
  );
});

test("an event is looked up under two keys at most, however many subscriptions there are", () => {
  fc.assert(
    fc.property(event, (about) => {
      expect(matchKeysOf(about, true).length).toBeLessThanOrEqual(2);
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
