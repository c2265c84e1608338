/** What the reference does wrong and this service must not do, named by the defect. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import {
  type Actor,
  anActor,
  anAppEvent,
  anEvent,
  orgClaims,
  RESOURCE,
  userClaims,
} from "../support/events-builders.ts";

const BASE = "http://127.0.0.1:7071";

let flow: EventFlow;
let org: Actor;

beforeAll(async () => {
  flow = await startEventFlow();
  org = await anActor(flow);
});

afterAll(() => flow.stop());

afterEach(() => {
  flow.platform.isPermitted = () => true;
  flow.platform.isDown = false;
  flow.platform.minimumLevel = undefined;
});

const newResource = (): string => `${RESOURCE}-${crypto.randomUUID().slice(0, 8)}`;

const idsOf = (json: unknown): readonly string[] => (json as { id: string }[]).map(({ id }) => id);

const feedOf = (resource: string): string => `/events/api/v1/events?resource=${resource}&after=0`;

const pushed = (name: string): readonly string[] =>
  flow.platform.hooks
    .filter(({ path, body }) => path === `/hooks/${name}` && !body.includes("validatesubscription"))
    .map(({ body }) => (JSON.parse(body) as { id: string }).id);

async function subscribed(name: string, wish: object): Promise<void> {
  const endPoint = `${flow.platform.url}/hooks/${name}`;
  expect((await org.subscribe({ endPoint, ...wish })).status).toBe(201);
  await flow.settle();
}

test("EV-D03 EV-D65: a page has a thousand events at most, and one question to the decision point a hundred", async () => {
  const resource = newResource();
  const batch = Array.from({ length: 150 }, (_, index) => anEvent({ id: `e${index}`, resource }));
  await org.call("POST", "/events/api/v1/events", {
    headers: { "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify(batch),
  });
  await flow.settle();
  const before = flow.platform.calls.length;

  const page = await org.call("GET", `${feedOf(resource)}&size=100000`);

  expect(idsOf(page.json)).toHaveLength(150);
  const questions = flow.platform.calls
    .slice(before)
    .map(({ body }) => body.split('"referenceId"').length - 1);
  expect(questions).toEqual([100, 50]);
});

test("EV-D04: what is special in a filter survives the way through `next`", async () => {
  const resource = newResource();
  const subject = "a&b#c%d+e æ";
  await org.publish(anEvent({ id: "s1", resource, subject }));
  await org.publish(anEvent({ id: "s2", resource, subject }));
  await flow.settle();

  const path = `${feedOf(resource)}&subject=${encodeURIComponent(subject)}&size=1`;
  const first = await org.call("GET", path);
  const next = first.headers.get("next") ?? "";
  const second = await org.call("GET", next.slice(BASE.length));

  expect(next).toMatch(/^[ -~]+$/);
  expect([...idsOf(first.json), ...idsOf(second.json)]).toEqual(["s1", "s2"]);
});

test("EV-D05: a filter by header can be sent again with `next`", async () => {
  const resource = newResource();
  const alternativesubject = "/person/07124912037";
  for (const [id, subject] of [
    ["h1", "/party/1"],
    ["h2", "/party/2"],
  ]) {
    await org.publish(anEvent({ id, resource, subject, alternativesubject }));
  }
  await org.publish(anEvent({ id: "other", resource }));
  await flow.settle();
  const headers = { "altinn-alternativesubject": alternativesubject };

  const first = await org.call("GET", `${feedOf(resource)}&size=1`, { headers });
  const next = (first.headers.get("next") ?? "").slice(BASE.length);
  const second = await org.call("GET", next, { headers });

  expect([...idsOf(first.json), ...idsOf(second.json)].sort()).toEqual(["h1", "h2"]);
});

test("EV-D06 EV-D07 EV-D21: events of an app without instance, without subject or with a URN as one, are in the feed", async () => {
  const resource = "urn:altinn:resource:app_ttd_levels";
  const source = "https://ttd.apps.altinn.no/ttd/levels";
  await org.publish(anEvent({ id: "short", resource, source, type: "app.deployed" }));
  await org.publish(anEvent({ id: "nobody", resource, source, subject: undefined }));
  const subject = "urn:altinn:organization:identifier-no:991825827";
  await org.publish(anEvent({ id: "urn", resource, source, subject }));
  await subscribed("levels", { resourceFilter: resource });
  await org.publish(anEvent({ id: "pushed", resource, source }));
  await flow.settle();

  const feed = await org.call("GET", "/events/api/v1/app/ttd/levels?after=0");

  expect([...idsOf(feed.json)].sort()).toEqual(["nobody", "pushed", "short", "urn"]);
  expect(pushed("levels")).toEqual(["pushed"]);
});

test("EV-D09 EV-D63: from and to are instants, both included, in any zone", async () => {
  const resource = "urn:altinn:resource:app_ttd_times";
  const source = "https://ttd.apps.altinn.no/ttd/times";
  for (const hour of ["09", "10", "11", "12"]) {
    await org.publish(anEvent({ id: hour, resource, source, time: `2026-01-01T${hour}:00:00Z` }));
  }
  await flow.settle();

  const feed = await org.call(
    "GET",
    "/events/api/v1/app/ttd/times?from=2026-01-01T12:00:00%2B02:00&to=2026-01-01T11:00:00Z",
  );

  expect(idsOf(feed.json)).toEqual(["10", "11"]);
});

test("EV-D10 EV-D12 EV-D61: an event is readable as soon as it is projected, and no reader passes over it", async () => {
  const resource = newResource();
  await org.publish(anEvent({ id: "now", resource }));
  await flow.settle();

  expect(idsOf((await org.call("GET", feedOf(resource))).json)).toEqual(["now"]);
});

test("EV-D16: while Register is down, who needs it waits, nobody else does, and nobody misses anything", async () => {
  const resource = newResource();
  await subscribed("direct", { resourceFilter: resource });
  await subscribed("main-unit", {
    resourceFilter: resource,
    subjectFilter: "/party/1600",
    includeSubunits: true,
  });
  flow.platform.mainUnits = [{ partyId: 1600 }];
  const alternativesubject = "/organisation/991825827";
  await org.publish(anEvent({ id: "unit", resource, subject: "/party/16", alternativesubject }));
  flow.platform.isDown = true;
  await flow.settle();
  flow.platform.isDown = false;

  for (const wait of [5_000, 5_000]) {
    await flow.clock.advance(wait);
    await flow.settle();
  }

  expect(pushed("direct")).toEqual(["unit"]);
  expect(pushed("main-unit")).toEqual(["unit"]);
  flow.platform.mainUnits = [];
});

test("EV-D20 EV-D24: a fan-out that is repeated, as after a crash in its middle, tells each subscriber once", async () => {
  const resource = newResource();
  await subscribed("broker-1", { resourceFilter: resource });
  await subscribed("broker-2", { resourceFilter: resource });
  await org.publish(anEvent({ id: "outbox", resource }));

  await flow.replayChanges();
  await flow.replayChanges();

  expect([pushed("broker-1"), pushed("broker-2")]).toEqual([["outbox"], ["outbox"]]);
});

test("EV-D29: a push says which attempt it is, which delivery, and the event's place among its subject's", async () => {
  const resource = newResource();
  const subject = `/party/${Math.trunc(29e6)}`;
  await subscribed("numbered", { resourceFilter: resource });
  await org.publish(anEvent({ id: "n1", resource, subject }));
  await org.publish(anEvent({ id: "n2", resource, subject }));
  await flow.settle();

  const headers = flow.platform.hooks
    .filter(({ path, body }) => path === "/hooks/numbered" && body.includes('"n'))
    .map((call) => call.headers);
  expect(headers.map((it) => it["budstikke-sequence"]).sort()).toEqual(["1", "2"]);
  expect(headers.map((it) => it["budstikke-attempt"])).toEqual(["1", "1"]);
});

test("EV-D37: several types and prefixes of types in one subscription", async () => {
  const resource = newResource();
  await subscribed("types", { resourceFilter: resource, typeFilters: ["a", "b.*"] });
  for (const type of ["a", "a.x", "b.x", "c"]) {
    await org.publish(anEvent({ id: type, resource, type }));
  }
  await flow.settle();

  expect([...pushed("types")].sort()).toEqual(["a", "b.x"]);
});

test("EV-D48: an address that is not public is never called, and the owner is told", async () => {
  const created = await org.subscribe({ endPoint: "https://169.254.169.254/latest" });
  const { id } = created.json as { id: number };
  await flow.settle();

  const found = await org.call("GET", `/events/api/v1/subscriptions/${id}`);

  expect(found.json).toMatchObject({
    validated: false,
    validationFailure: expect.stringContaining("not public") as string,
  });
});

test("EV-D52: a permit that demands a surer identification than the caller's is none", async () => {
  const resource = newResource();
  await org.publish(anEvent({ id: "level", resource }));
  await flow.settle();
  flow.platform.minimumLevel = 4;
  const weak = await anActor(flow, userClaims);
  const strong = await anActor(flow, { ...userClaims, "urn:altinn:authlevel": 4 });

  expect((await weak.call("GET", feedOf(resource))).json).toEqual([]);
  expect(idsOf((await strong.call("GET", feedOf(resource))).json)).toEqual(["level"]);
  const publisher = await anActor(flow, { ...orgClaims, jti: "weak" });
  expect((await publisher.publish(anEvent({ resource }))).status).toBe(403);
});

test("EV-D54: a right that was taken away ends within ten seconds", async () => {
  const resource = newResource();
  await subscribed("revoked", { resourceFilter: resource });
  await org.publish(anEvent({ id: "before", resource }));
  await flow.settle();

  flow.platform.isPermitted = (asked) => asked.get("urn:altinn:org") === undefined;
  await flow.clock.advance(10_000);
  flow.platform.isPermitted = (asked) =>
    asked.get("urn:oasis:names:tc:xacml:1.0:action:action-id") === "publish";
  await org.publish(anEvent({ id: "after", resource }));
  await flow.settle();

  expect(pushed("revoked")).toEqual(["before"]);
});

test("EV-D46: a consumer that has as many subscriptions as it may have gets 429", async () => {
  const consumer = "/user/46";
  const subscriptions = flow.cosmos.documentsIn("subscriptions");
  const key = `consumer-${consumer}`;
  for (let from = 0; from < 10_000; from += 100) {
    const operations = Array.from({ length: 100 }, (_, index) => ({
      operationType: "Create" as const,
      resourceBody: { id: String(from + index), key },
    }));
    await subscriptions.batch(key, operations);
  }
  const user = await anActor(flow, { ...userClaims, "urn:altinn:userid": 46 });

  const answer = await user.subscribe({ resourceFilter: newResource() });

  expect(answer).toMatchObject({ status: 429, json: { code: "too-many-requests" } });
});

test("EV-D46: a subscription that nobody validates is gone after a month", async () => {
  flow.platform.hookAnswers.push(...Array.from({ length: 9 }, () => ({ status: 404 })));
  const resourceFilter = newResource();
  const created = await org.subscribe({ resourceFilter, typeFilter: "never" });
  const { id } = created.json as { id: number };
  await flow.settle();
  const path = `/events/api/v1/subscriptions/${id}`;
  expect((await org.call("GET", path)).status).toBe(200);

  await flow.clock.advance(31 * 24 * 3600 * 1000);

  expect((await org.call("GET", path)).status).toBe(404);
  flow.platform.hookAnswers.length = 0;
});

test("an administrator of publishing speaks for every resource, without being asked about each", async () => {
  const admin = await anActor(flow, {
    ...orgClaims,
    scope: "altinn:events.publish altinn:events.publish.admin",
  });
  flow.platform.isPermitted = () => false;

  expect((await admin.publish(anEvent())).status).toBe(200);
});

test("the party feed takes a national number in a header, never in the address", async () => {
  await org.publishApp(anAppEvent({ type: "by.person" }));
  const user = await anActor(flow, userClaims);

  const feed = await user.call("GET", "/events/api/v1/app/party?after=0&type=by.%25", {
    headers: { person: "07124912037" },
  });
  const unknown = await user.call("GET", "/events/api/v1/app/party?after=0&unit=000000000");

  expect(feed.json).toMatchObject([{ type: "by.person" }]);
  expect(feed.headers.get("next")).not.toContain("07124912037");
  expect(unknown.status).toBe(404);
});
