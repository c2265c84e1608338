/** Publishing in every mode: what is stored is what was said, and a batch is whole for each subject. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import { type Actor, anActor, anEvent, orgClaims, RESOURCE } from "../support/events-builders.ts";

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
  flow.cosmos.server.faults.clear();
});

const EVENTS = "/events/api/v1/events";
const newResource = (): string => `${RESOURCE}-${crypto.randomUUID().slice(0, 8)}`;

const feedOf = async (resource: string): Promise<readonly Record<string, unknown>[]> => {
  await flow.settle();
  const page = await org.call("GET", `${EVENTS}?resource=${resource}&after=0&size=1000`);
  return page.json as Record<string, unknown>[];
};

const binary = (resource: string, headers: Record<string, string>, body?: string | Uint8Array) =>
  org.call("POST", EVENTS, {
    headers: {
      "ce-specversion": "1.0",
      "ce-id": "b",
      "ce-source": "https://example.com/1",
      "ce-type": "letter.sent",
      "ce-resource": resource,
      ...headers,
    },
    ...(body !== undefined && { body }),
  });

const batch = (events: readonly object[]) =>
  org.call("POST", EVENTS, {
    headers: { "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify(events),
  });

test("EV-D57: in binary mode data that is no text is kept byte for byte", async () => {
  const resource = newResource();
  const bytes = Uint8Array.from([0xff, 0xd8, 0x00, 0x80]);

  const answer = await binary(resource, { "content-type": "image/jpeg" }, bytes);

  expect(answer.status).toBe(200);
  expect(await feedOf(resource)).toMatchObject([
    { id: "b", datacontenttype: "image/jpeg", data_base64: Buffer.from(bytes).toString("base64") },
  ]);
});

test("EV-D57: in binary mode text stays text, and an event may have no data at all", async () => {
  const [text, none] = [newResource(), newResource()];

  await binary(text, { "content-type": "text/plain; charset=utf-8" }, "blåbær");
  await binary(none, {});

  expect(await feedOf(text)).toMatchObject([
    { data: "blåbær", datacontenttype: "text/plain; charset=utf-8" },
  ]);
  expect((await feedOf(none))[0]).not.toHaveProperty("data");
});

test("in binary mode data is the body, never a header", async () => {
  const resource = newResource();

  await binary(resource, { "ce-data": "smuggled", "ce-datacontenttype": "text/x" }, undefined);

  const [event] = await feedOf(resource);
  expect(event).not.toHaveProperty("data");
  expect(event).not.toHaveProperty("datacontenttype");
});

test("what is broken in binary mode is 400: JSON that is none, an attribute that is wrong", async () => {
  const resource = newResource();

  const answers = [
    await binary(resource, { "content-type": "application/json" }, "{"),
    await binary(resource, { "ce-time": "yesterday" }),
    await binary(resource, { "ce-specversion": "0.3" }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
  expect(await feedOf(resource)).toEqual([]);
});

test("extensions, data_base64 and dataref are kept as they came", async () => {
  const resource = newResource();
  const kept = {
    myextension: "x",
    flag: "true",
    data_base64: "AAE=",
    datacontenttype: "application/octet-stream",
    dataref: "https://example.com/claims/1",
  };

  await org.publish(anEvent({ resource, ...kept, flag: true }));
  const wrong = await org.publish(anEvent({ resource, dataref: "a b" }));

  expect(await feedOf(resource)).toMatchObject([kept]);
  expect(wrong.status).toBe(400);
});

test("headers beside a structured event say nothing about it", async () => {
  const resource = newResource();

  await org.call("POST", EVENTS, {
    headers: {
      "content-type": "application/cloudevents+json",
      "ce-specversion": "1.0",
      "ce-id": "of-the-header",
    },
    body: JSON.stringify(anEvent({ id: "of-the-body", resource })),
  });

  expect(await feedOf(resource)).toMatchObject([{ id: "of-the-body" }]);
});

test("an empty batch is a batch: nothing is stored, and nothing is wrong", async () => {
  expect(await batch([])).toMatchObject({ status: 200, text: "" });
});

test("a batch is atomic per subject: while the database fails for one, nothing of it is stored, and a repeat completes it", async () => {
  const resource = newResource();
  const events = Array.from({ length: 60 }, (_, index) =>
    anEvent({ id: `e${index}`, resource, subject: "/party/atomic" }),
  );
  flow.cosmos.server.faults.add({
    effect: { kind: "status", status: 503 },
    operations: ["Batch"],
    count: 6,
  });

  const failing = await retryingClock(() => batch(events));
  const stored = await flow.app.events.events.lastSequence("/party/atomic");
  flow.cosmos.server.faults.clear();
  const repeated = await batch(events);

  expect([failing.status, stored, repeated.status]).toEqual([503, 0, 200]);
  expect((await feedOf(resource)).map(({ id }) => id)).toEqual(events.map((_, i) => `e${i}`));
});

/** Moves the clock while something waits for it. */
async function retryingClock<Result>(run: () => Promise<Result>): Promise<Result> {
  const state = { isDone: false };
  const running = run().finally(() => {
    state.isDone = true;
  });
  while (!state.isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    await flow.clock.advance(100);
  }
  return running;
}

test("a batch has one megabyte and a thousand events at most; an event that is too large fails alone", async () => {
  const resource = newResource();

  const tooMany = await batch(Array.from({ length: 1001 }, () => anEvent({ resource })));
  const tooLarge = await batch(
    Array.from({ length: 18 }, () => anEvent({ resource, data: "x".repeat(60_000) })),
  );
  const oneTooLarge = await batch([
    anEvent({ id: "small", resource }),
    anEvent({ id: "large", resource, data: "x".repeat(70_000) }),
  ]);

  expect([tooMany.status, tooLarge.status, oneTooLarge.status]).toEqual([413, 413, 207]);
  expect((await feedOf(resource)).map(({ id }) => id)).toEqual(["small"]);
});

test("EV-D62: whatever the database loses, resets or throttles, a published event is stored once", async () => {
  const resource = newResource();
  const effects = [
    { kind: "reset", when: "after-commit" },
    { kind: "reset", when: "before-commit" },
    { kind: "status", status: 429, retryAfterInMs: 1 },
    { kind: "status", status: 449 },
  ] as const;
  const statuses: number[] = [];

  for (const [index, effect] of effects.entries()) {
    flow.cosmos.server.faults.add({ effect, operations: ["Batch"], container: "events", count: 1 });
    const event = anEvent({ id: `f${index}`, resource, subject: "/party/faults" });
    statuses.push((await retryingClock(() => org.publish(event))).status);
    flow.cosmos.server.faults.clear();
  }

  expect(statuses).toEqual([200, 200, 200, 200]);
  expect((await feedOf(resource)).map(({ id }) => id)).toEqual(["f0", "f1", "f2", "f3"]);
  expect(await flow.app.events.events.lastSequence("/party/faults")).toBe(4);
});

test("while the decision point is down a publisher is told to come back, and nothing is stored", async () => {
  const resource = newResource();
  flow.platform.isDown = true;
  const answer = await org.publish(anEvent({ resource }));
  flow.platform.isDown = false;

  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("5");
  expect(await feedOf(resource)).toEqual([]);
});

test("EV-D58: a resource that nobody registered has no policy, so nobody may publish for it", async () => {
  flow.platform.isPermitted = (asked) => asked.get("urn:altinn:resource") !== "nobody-has-this";

  const answer = await org.publish(anEvent({ resource: "urn:altinn:resource:nobody-has-this" }));

  expect(answer).toMatchObject({ status: 403, text: "" });
});

test("a person is named to the decision point by UUID, and in the event as the publisher did", async () => {
  const resource = newResource();
  const subject = "urn:altinn:person:identifier-no:07124912037";
  const asked: ReadonlyMap<string, string>[] = [];
  flow.platform.isPermitted = (question) => asked.push(question) > 0;

  await org.publish(anEvent({ resource, subject }));
  const unknown = await org.publish(
    anEvent({ resource, subject: "urn:altinn:person:identifier-no:00000000000" }),
  );

  expect(asked[0]?.get("urn:altinn:party:uuid")).toBe("00000000-0000-4000-8000-007124912037");
  expect(asked[1]?.has("urn:altinn:party:uuid")).toBe(false);
  expect(asked.some((it) => it.has("urn:altinn:person:identifier-no"))).toBe(false);
  expect(unknown.status).toBe(200);
  expect((await feedOf(resource))[0]).toMatchObject({ subject });
});

test("EV-D16: while Register is down, only what names a person waits", async () => {
  flow.platform.isDown = true;
  const admin = await anActor(flow, {
    ...orgClaims,
    scope: "altinn:events.publish altinn:events.publish.admin",
  });

  expect((await admin.publish(anEvent())).status).toBe(200);
  flow.platform.isDown = false;
});

test("EV-D49: the private routes are for the platform alone, and storing by them is safe to repeat", async () => {
  const resource = newResource();
  const event = JSON.stringify(anEvent({ id: "handed-on", resource }));
  const asApp = await flow.platform.platformToken("ttd", "apps-test");
  const asPlatform = await flow.platform.platformToken("platform", "events");
  const post = (path: string, token: string, body: string, type = "application/cloudevents+json") =>
    flow.request("POST", `/events/api/v1/${path}`, {
      headers: { platformaccesstoken: token, "content-type": type },
      body,
    });

  const refused = await Promise.all(
    ["storage/events", "inbound", "outbound"].map((path) => post(path, asApp, event)),
  );
  const taken: number[] = [];
  for (const path of ["storage/events", "inbound", "outbound"]) {
    taken.push((await post(path, asPlatform, event)).status);
  }
  const entry = {
    cloudEventId: crypto.randomUUID(),
    endpoint: "https://example.com",
    statusCode: 200,
  };
  const logs = [
    await post("storage/events/logs", asPlatform, JSON.stringify(entry), "application/json"),
    await post("storage/events/logs", asPlatform, "{}", "application/json"),
  ];

  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
  expect(taken).toEqual([200, 200, 200]);
  expect(logs.map(({ status }) => status)).toEqual([201, 400]);
  expect((await feedOf(resource)).map(({ id }) => id)).toEqual(["handed-on"]);
});

test("a trace context that is none is not carried on, but kept as the extension it is", async () => {
  const resource = newResource();
  await org.publish(anEvent({ id: "t", resource, traceparent: "not-a-trace" }));

  expect(await feedOf(resource)).toMatchObject([{ traceparent: "not-a-trace" }]);
});

test("1,000 publishers at once over HTTP on one subject: none lost, none doubled", async () => {
  const resource = newResource();
  const scope = "altinn:events.publish altinn:events.publish.admin";
  const admin = await anActor(flow, { ...orgClaims, scope });

  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, index) =>
      admin.publish(anEvent({ id: `p${index}`, resource, subject: "/party/crowd" })),
    ),
  );

  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(await flow.app.events.events.lastSequence("/party/crowd")).toBe(1000);
  expect(new Set((await feedOf(resource)).map(({ id }) => id)).size).toBe(1000);
}, 30_000);
