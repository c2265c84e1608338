/** Reading on: what spares a reader the next look, who may read for whom, and links to one instance. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import {
  type Actor,
  anActor,
  anAppEvent,
  anEvent,
  RESOURCE,
  userClaims,
} from "../support/events-builders.ts";
import type { Answer } from "../support/registrations.ts";

const BASE = "http://127.0.0.1:7071";

let flow: EventFlow;
let org: Actor;

beforeAll(async () => {
  flow = await startEventFlow({ ANONYMOUS_INSTANCE_LINKS: "on" });
  org = await anActor(flow);
});

afterAll(() => flow.stop());

afterEach(() => {
  flow.platform.isPermitted = () => true;
});

const newResource = (): string => `${RESOURCE}-${crypto.randomUUID().slice(0, 8)}`;
const idsOf = (json: unknown): readonly string[] => (json as { id: string }[]).map(({ id }) => id);
const feedPath = (resource: string, rest = "&after=0"): string =>
  `/events/api/v1/events?resource=${resource}${rest}`;
const nextOf = (answer: Answer): string => (answer.headers.get("next") ?? "").slice(BASE.length);
const json = { "content-type": "application/json" };

async function published(resource: string, ids: readonly string[]): Promise<void> {
  const source = `https://example.com/${resource}`;
  for (const id of ids) {
    await org.publish(anEvent({ id, resource, source, subject: `/party/${id}` }));
  }
  await flow.settle();
}

test("a full page from a cursor is immutable and says so; the first and the last are not", async () => {
  const resource = newResource();
  await published(resource, ["a", "b", "c"]);

  const first = await org.call("GET", feedPath(resource, "&after=0&size=1"));
  const second = await org.call("GET", nextOf(first));
  const byId = await org.call("GET", feedPath(resource, "&after=a&size=2"));
  const last = await org.call("GET", feedPath(resource, "&after=b&size=2"));

  const cacheControl = [first, second, byId, last].map((it) => it.headers.get("cache-control"));
  const immutable = "private, max-age=3600, immutable";
  expect(cacheControl).toEqual(["private, no-cache", immutable, immutable, "private, no-cache"]);
});

test("nothing new is 304 for the ETag of the watermark, for the price of one read", async () => {
  const resource = newResource();
  await published(resource, ["a"]);
  const page = await org.call("GET", feedPath(resource));
  const headers = { "if-none-match": page.headers.get("etag") ?? "" };
  const before = flow.platform.calls.length;
  flow.cosmos.server.counters.reset();

  const unchanged = await org.call("GET", nextOf(page), { headers });
  const asked = flow.platform.calls.length - before;
  const { requestCount, requestUnits } = flow.cosmos.server.counters.total();
  await published(resource, ["b"]);
  const changed = await org.call("GET", nextOf(page), { headers });

  expect(unchanged).toMatchObject({ status: 304, text: "" });
  expect({ asked, requestCount, requestUnits }).toEqual({
    asked: 0,
    requestCount: 1,
    requestUnits: 1,
  });
  expect([changed.status, idsOf(changed.json)]).toEqual([200, ["b"]]);
});

test("a reader who carries the ETag along from page to page is never told that nothing is new while there is", async () => {
  const resource = newResource();
  await published(resource, ["a", "b", "c"]);
  const read: string[] = [];
  let path = feedPath(resource, "&after=0&size=2");
  let headers: Record<string, string> = {};
  let status = 200;
  while (status === 200) {
    const page = await org.call("GET", path, { headers });
    status = page.status;
    if (status !== 200) break;
    read.push(...idsOf(page.json));
    const etag = page.headers.get("etag");
    headers = etag === null ? {} : { "if-none-match": etag };
    path = nextOf(page);
  }

  expect([status, read.toSorted()]).toEqual([304, ["a", "b", "c"]]);
});

test("who prefers to wait is answered when something comes, at most after the time named", async () => {
  const resource = newResource();
  await published(resource, ["a"]);
  const headers = { prefer: "wait=10" };
  const wait = async (path: string, meanwhile: () => Promise<void>): Promise<Answer> => {
    const state = { isDone: false };
    const waiting = org.call("GET", path, { headers }).finally(() => {
      state.isDone = true;
    });
    await meanwhile();
    while (!state.isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      await flow.clock.advance(250);
    }
    return waiting;
  };
  const startedAt = flow.clock.now();

  const news = await wait(feedPath(resource, "&after=a"), () => published(resource, ["b"]));
  const tookInMs = flow.clock.now() - startedAt;
  const none = await wait(feedPath(resource, "&after=b"), () => Promise.resolve());

  expect(idsOf(news.json)).toEqual(["b"]);
  expect(tookInMs).toBeLessThan(10_000);
  expect(none.json).toEqual([]);
  expect(news.headers.get("preference-applied")).toBe("wait=10");
});

test("the feed of one subject of a resource is read where the subject's events are", async () => {
  const resource = newResource();
  await org.publish(anEvent({ id: "mine", resource, subject: "/party/1001" }));
  await org.publish(anEvent({ id: "other-resource", subject: "/party/1001" }));
  await org.publish(anEvent({ id: "other-party", resource, subject: "/party/1002" }));
  // Not settled: the subject's own events need no projection.

  const page = await org.call("GET", feedPath(resource, "&after=0&subject=/party/1001"));

  expect(idsOf(page.json)).toEqual(["mine"]);
});

test("an organisation that the policy approves reads a type for all parties, and no other type", async () => {
  const resource = newResource();
  for (const [id, type] of [
    ["d1", "estate.opened"],
    ["d2", "estate.opened"],
    ["x", "estate.internal"],
  ]) {
    await org.publish(anEvent({ id, resource, type, subject: `/party/${id ?? ""}` }));
  }
  await flow.settle();
  const bank = await anActor(flow, {
    scope: "altinn:events.subscribe",
    "urn:altinn:orgNumber": "910753614",
  });
  flow.platform.isPermitted = (asked) =>
    asked.get("urn:altinn:organization:identifier-no") === "910753614" &&
    asked.get("urn:altinn:eventtype") === "estate.opened";

  const page = await bank.call("GET", feedPath(resource));

  expect(idsOf(page.json)).toEqual(["d1", "d2"]);
});

const maskinporten = {
  scope: "altinn:events/ttd/apps-test",
  consumer: { authority: "iso6523-actorid-upis", ID: "0192:991825827" },
  supplier: { authority: "iso6523-actorid-upis", ID: "0192:910753614" },
};

test("a supplier to whom the org delegated an app's scope asks as the org, for that app alone", async () => {
  await org.publishApp(anAppEvent({ type: "delegated.type" }));
  await flow.settle();
  const supplier = await anActor(flow, maskinporten);
  flow.platform.isPermitted = (asked) => asked.get("urn:altinn:org") === "ttd";

  const answers = await Promise.all(
    [
      "/events/instanceevents/ttd/apps-test?eventType=delegated.type",
      "/events/api/v1/app/ttd/apps-test?after=0&type=delegated.type",
      "/events/instanceevents/ttd/other",
      "/events/api/v1/app/ttd/other?after=0",
    ].map((path) => supplier.call("GET", path)),
  );

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 403]);
  expect(answers.slice(0, 2).map(({ json: page }) => idsOf(page).length)).toEqual([1, 1]);
});

test("a scope without a consumer, or with a broken supplier, is not one that was delegated", async () => {
  const broken = [
    { scope: maskinporten.scope },
    { ...maskinporten, supplier: { ID: "910753614" } },
    { ...maskinporten, consumer: "991825827" },
  ];

  const statuses = await Promise.all(
    broken.map(async (claims) => {
      const actor = await anActor(flow, claims);
      return (await actor.call("GET", "/events/instanceevents/ttd/apps-test")).status;
    }),
  );

  expect(statuses).toEqual([403, 403, 403]);
});

test("the next page of a party's feed by POST goes on where the address says", async () => {
  const subject = "/party/50019855";
  await org.publishApp(anAppEvent({ subject, type: "page.one" }));
  const body = JSON.stringify({
    party: { organisationNumber: "991825827" },
    type: "page.one",
  });
  const user = await anActor(flow, userClaims);
  const post = (path: string): Promise<Answer> => user.call("POST", path, { headers: json, body });

  const first = await post("/events/instanceeventsforparty");
  const second = await post(nextOf(first));

  expect(idsOf(first.json)).toHaveLength(1);
  expect(second.json).toEqual([]);
});

const INSTANCE = "428a4575-2c04-4400-89a3-1aaadd2579cd";
const linkPath = (app: string): string =>
  `/events/api/v1/app/ttd/${app}/instances/50019855/${INSTANCE}/links`;

const readBy = (link: string, instance = INSTANCE): Promise<Answer> =>
  flow.request("POST", `/events/instanceeventsforinstance/${instance}`, {
    headers: json,
    body: JSON.stringify({ link }),
  });

test("with a link of the owner anybody reads one instance, without numbers of persons, until it expires", async () => {
  const alternativesubject = "/person/07124912037";
  await org.publishApp(anAppEvent({ type: "shared", alternativesubject, data: { secret: 1 } }));
  await org.publishApp(
    anAppEvent({
      type: "shared.not",
      source: `https://ttd.apps.altinn.no/ttd/apps-test/instances/50019855/${crypto.randomUUID()}`,
    }),
  );
  const issued = await org.call("POST", linkPath("apps-test"), {
    headers: json,
    body: JSON.stringify({ expiresInMinutes: 5 }),
  });
  const { link } = issued.json as { link: string };

  const page = await readBy(link);
  const other = await readBy(link, crypto.randomUUID());
  // The next letter differs in bits that base64 does not use here: another spelling of the same signature.
  const respelt = `${link.slice(0, -1)}${String.fromCharCode(link.charCodeAt(link.length - 1) + 1)}`;
  const forged = await readBy(respelt);
  await flow.clock.advance(5 * 60_000);
  const late = await readBy(link);

  expect(issued.status).toBe(201);
  const events = page.json as Record<string, unknown>[];
  expect(events.some(({ type }) => type === "shared")).toBe(true);
  expect(events.every((it) => it["resourceinstance"] === `50019855/${INSTANCE}`)).toBe(true);
  expect(page.text).not.toMatch(/07124912037|secret/);
  expect([other.status, forged.status, late.status]).toEqual([403, 403, 403]);
});

test("only the owner of an app issues links to its instances", async () => {
  const user = await anActor(flow, userClaims);
  const token = await flow.platform.platformToken("ttd", "apps-test");
  const asApp = { headers: { platformaccesstoken: token } };

  const statuses = [
    (await user.call("POST", linkPath("apps-test"))).status,
    (await flow.request("POST", linkPath("apps-test"))).status,
    (await flow.request("POST", linkPath("apps-test"), asApp)).status,
    (await flow.request("POST", linkPath("other"), asApp)).status,
  ];

  expect(statuses).toEqual([403, 401, 201, 403]);
});

test("links are off unless the installation turns them on", async () => {
  const usual = await startEventFlow();
  const owner = await anActor(usual);

  const issue = await owner.call("POST", linkPath("apps-test"));
  const read = await usual.request("POST", `/events/instanceeventsforinstance/${INSTANCE}`, {
    headers: json,
    body: '{"link":"x"}',
  });
  await usual.stop();

  expect([issue.status, read.status]).toEqual([404, 404]);
});
