/** From an event that is posted to the feeds it is in. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import { type Actor, anActor, anAppEvent, anEvent, RESOURCE } from "../support/events-builders.ts";

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
});

const newResource = (): string => `${RESOURCE}-${crypto.randomUUID().slice(0, 8)}`;

const feedPath = (resource: string, after = "0"): string =>
  `/events/api/v1/events?resource=${resource}&after=${after}`;

const idsOf = (json: unknown): readonly string[] => (json as { id: string }[]).map(({ id }) => id);

test("a generic event is answered 200 without a body and is in the feed of its resource", async () => {
  const resource = newResource();

  const answer = await org.publish(anEvent({ id: "first", resource, data: { a: 1 } }));
  await flow.settle();

  expect(answer).toMatchObject({ status: 200, text: "" });
  const feed = await org.call("GET", feedPath(resource));
  expect(feed.json).toMatchObject([
    { id: "first", resource, datacontenttype: "application/json", data: { a: 1 } },
  ]);
  expect(feed.headers.get("next")).toMatch(
    new RegExp(`^http://127.0.0.1:7071/events/api/v1/events\\?after=[^&]+&resource=${resource}$`),
  );
});

test("EV-D08: the same id from two sources is two events", async () => {
  const resource = newResource();
  await org.publish(anEvent({ id: "same", resource, source: "https://a.example/1" }));
  await org.publish(anEvent({ id: "same", resource, source: "https://b.example/1" }));
  await flow.settle();

  const { json } = await org.call("GET", feedPath(resource));

  expect((json as { source: string }[]).map(({ source }) => source).sort()).toEqual([
    "https://a.example/1",
    "https://b.example/1",
  ]);
});

test("an app event gets its id, its time and its resource, and is in both feeds", async () => {
  const answer = await org.publishApp(anAppEvent());
  await flow.settle();

  expect(answer.status).toBe(201);
  const id = answer.json as string;
  const ofApp = await org.call("GET", "/events/api/v1/app/ttd/apps-test?after=0");
  const ofParty = await org.call("GET", "/events/api/v1/app/party?after=0&party=50019855");
  expect(idsOf(ofApp.json)).toContain(id);
  expect(ofParty.json).toContainEqual(
    expect.objectContaining({
      id,
      resource: "urn:altinn:resource:app_ttd_apps-test",
      resourceinstance: "50019855/428a4575-2c04-4400-89a3-1aaadd2579cd",
      time: expect.stringMatching(/^2026-01-05T11:00:\d\d\.\d{7}Z$/) as string,
    }),
  );
});

test("EV-D14: the answer to an app's event names no address that leads nowhere", async () => {
  const answer = await org.publishApp(anAppEvent());

  expect(answer.status).toBe(201);
  expect(answer.headers.has("location")).toBe(false);
});

test("EV-D59: what an app says with its event is kept", async () => {
  const party = "/party/59";
  await org.publishApp(anAppEvent({ subject: party, data: { step: 2 }, contenttype: "text/json" }));
  await flow.settle();

  const { json } = await org.call("GET", "/events/api/v1/app/party?after=0&party=59");

  expect(json).toMatchObject([{ data: { step: 2 }, datacontenttype: "text/json" }]);
});

test("EV-D50: an app cannot speak for another whose name begins alike, nor from another host", async () => {
  const sources = [
    "https://ttd.apps.altinn.no/ttd/apps-test-2/instances/1/428a4575-2c04-4400-89a3-1aaadd2579cd",
    "https://evilapps.altinn.no/ttd/apps-test/instances/1/428a4575-2c04-4400-89a3-1aaadd2579cd",
  ];

  const answers = await Promise.all(
    sources.map((source) => org.publishApp(anAppEvent({ source }))),
  );

  expect(answers.map(({ status, json }) => ({ status, json }))).toEqual(
    sources.map((source) => ({
      status: 401,
      json: `ttd/apps-test is not authorized to create events for ${source}`,
    })),
  );
});

test("EV-D22: both examples of the first design, with a relative source, are taken on POST /events", async () => {
  const example = (type: string, id: string): string =>
    JSON.stringify({
      source: "/skd/skattemelding/234234422/2acb1253-07b3-4463-9ff5-60dc82fd59f8",
      subject: "party/234234422",
      type,
      time: "2020-02-20T08:00:06.4014168Z",
      id,
      specversion: "1.0",
    });
  const headers = { "content-type": "application/json" };

  const answers = [
    await org.call("POST", "/events", { headers, body: example("instance.created", "d1") }),
    await org.call("POST", "/events/", {
      headers,
      body: example("instance.process.completed", "d2"),
    }),
  ];
  await flow.settle();

  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const feed = await org.call("GET", "/events/api/v1/app/party?after=0&party=234234422");
  expect(idsOf(feed.json)).toEqual(["d1", "d2"]);
  const times = (feed.json as { time: string }[]).map(({ time }) => time);
  expect(times.every((time) => /^2026-.*\.\d{7}Z$/.test(time))).toBe(true);
  expect((times[0] ?? "") < (times[1] ?? "")).toBe(true);
});

test("EV-D56: a batch is answered for each event when the answers differ, and the good ones are stored", async () => {
  const resource = newResource();
  const batch = [anEvent({ id: "b1", resource }), { id: "no" }, anEvent({ id: "b2", resource })];

  const answer = await org.call("POST", "/events/api/v1/events", {
    headers: { "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify(batch),
  });
  await flow.settle();

  expect(answer.status).toBe(207);
  expect(answer.json).toMatchObject({
    results: [{ status: 200 }, { status: 400 }, { status: 200 }],
  });
  expect(idsOf((await org.call("GET", feedPath(resource))).json)).toEqual(["b1", "b2"]);
});

test("EV-D57: an event in binary mode is taken", async () => {
  const resource = newResource();

  const answer = await org.call("POST", "/events/api/v1/events", {
    headers: {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": "binary",
      "ce-source": "https://example.com/bl%C3%A5b%C3%A6r",
      "ce-type": "letter.sent",
      "ce-resource": resource,
    },
    body: '{"x":1}',
  });
  await flow.settle();

  expect(answer.status).toBe(200);
  expect((await org.call("GET", feedPath(resource))).json).toMatchObject([
    { id: "binary", source: "https://example.com/blåbær", data: { x: 1 } },
  ]);
});

test("EV-D01: a page behind a thousand refused events still goes on, and always has a next", async () => {
  const resource = newResource();
  const batch = Array.from({ length: 450 }, (_, index) => anEvent({ id: `e${index}`, resource }));
  await org.call("POST", "/events/api/v1/events", {
    headers: { "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify([...batch, anEvent({ id: "mine", resource })]),
  });
  await flow.settle();
  flow.platform.isPermitted = (asked) => asked.get("urn:altinn:event-id") === "mine";

  const page = await org.call("GET", feedPath(resource));
  const rest = await org.call(
    "GET",
    (page.headers.get("next") ?? "").slice("http://127.0.0.1:7071".length),
  );

  expect(idsOf(page.json)).toEqual(["mine"]);
  expect(rest.json).toEqual([]);
  expect(rest.headers.get("next")).not.toBeNull();
});

test("EV-D02: a cursor that nobody made is told, with the oldest one beside; an event id is taken", async () => {
  const resource = newResource();
  await org.publish(anEvent({ id: "one", resource }));
  await org.publish(anEvent({ id: "two", resource }));
  await flow.settle();

  const unknown = await org.call("GET", feedPath(resource, "nobody-knows"));
  const afterOne = await org.call("GET", feedPath(resource, "one"));

  expect(unknown).toMatchObject({ status: 400, json: { code: "cursor-unknown" } });
  const { oldestCursor } = unknown.json as { oldestCursor: string };
  const fromOldest = await org.call("GET", feedPath(resource, oldestCursor));
  expect(idsOf(fromOldest.json)).toEqual(["one", "two"]);
  expect(idsOf(afterOne.json)).toEqual(["two"]);
});

test("EV-D11: a pull while the decision point is down is 503 with Retry-After", async () => {
  const resource = newResource();
  await org.publish(anEvent({ resource }));
  await flow.settle();
  flow.platform.isDown = true;

  const answer = await org.call("GET", feedPath(resource));

  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("5");
});
