/** What is longer, or of another form, than anything that can be: told to the caller as such, never a failure of ours. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import { type Actor, anActor, anEvent, RESOURCE, userClaims } from "../support/events-builders.ts";

let flow: EventFlow;
let org: Actor;
let user: Actor;

beforeAll(async () => {
  flow = await startEventFlow();
  org = await anActor(flow);
  user = await anActor(flow, userClaims);
});

afterAll(() => flow.stop());

const base = "/events/api/v1";
const long = "x".repeat(4000);

test.each([
  `${base}/events?resource=urn:altinn:resource:${long}&after=0`,
  `${base}/events?resource=${RESOURCE}&subject=${long}&after=0`,
  `${base}/app/ttd/${long}?after=0`,
  `/events/instanceevents/ttd/${long}`,
])("a feed of a longer name than any has is 400 and says so (%#)", async (path) => {
  expect(await org.call("GET", path)).toMatchObject({
    status: 400,
    json: { detail: "No resource and no subject is as long as the one asked for." },
  });
});

test("JSON deeper than the database stores is 400; brackets in a text that is no JSON are data", async () => {
  const inBinaryMode = (type: string) =>
    org.call("POST", `${base}/events`, {
      headers: {
        "content-type": type,
        "ce-specversion": "1.0",
        "ce-id": crypto.randomUUID(),
        "ce-type": "text.written",
        "ce-source": "/limits",
        "ce-resource": RESOURCE,
      },
      body: "[".repeat(300),
    });
  const nested = JSON.parse(`${"[".repeat(110)}${"]".repeat(110)}`) as unknown;
  const structured = await org.publish(
    anEvent({ data: nested, dataschema: `urn:x:${"x".repeat(200)}` }),
  );

  expect(structured).toMatchObject({ status: 400, json: { detail: "The body nests too deep." } });
  expect((await inBinaryMode("application/json")).status).toBe(400);
  expect((await inBinaryMode("text/plain")).status).toBe(200);
});

test("the register is not asked about a number that is none: nobody has it", async () => {
  const before = flow.platform.calls.length;
  const ofApp = await org.call("GET", `${base}/app/ttd/apps-test?after=0`, {
    headers: { person: "../1" },
  });
  const ofParty = await user.call("GET", `${base}/app/party?after=0`, { headers: { person: "1" } });

  expect([ofApp.status, ofParty.status]).toEqual([404, 404]);
  expect(flow.platform.calls.length).toBe(before);
});

test.each(["k", "a/b#c?", long])(
  "a delivery that cannot be is not tried again (%#)",
  async (key) => {
    const { json } = await org.subscribe({ typeFilter: key.slice(0, 10) });
    const path = `${base}/subscriptions/${(json as { id: number }).id}/redrive`;

    expect(
      await org.call("POST", `${path}?key=${encodeURIComponent(key)}`, {
        headers: { "content-type": "application/json" },
      }),
    ).toMatchObject({ status: 409, json: { code: "conflict" } });
  },
);

test.each(["endPoint", "subjectFilter", "resourceFilter", "typeFilter", "sourceFilter"])(
  "a subscription with a longer %s than any can be is 400 with its name, and none is stored",
  async (name) => {
    const listed = async () =>
      ((await org.call("GET", `${base}/subscriptions`)).json as { count: number }).count;
    const before = await listed();
    const answer = await org.subscribe({ [name]: `https://example.com/${long}` });

    expect(answer.status).toBe(400);
    expect(Object.keys((answer.json as { errors: object }).errors)).toEqual([`$.${name}`]);
    expect(await listed()).toBe(before);
  },
);

test.each([
  ["from=yesterday", { from: ["Must be a day, such as 2026-01-05."] }],
  ["from=2026-02-30", { from: ["Must be a day, such as 2026-01-05."] }],
  ["from=2026-02-02&to=2026-01-01", { to: ["Must not be before `from`."] }],
])("analytics of %s names the one thing that is wrong", async (query, errors) => {
  const answer = await org.call("GET", `${base}/analytics/ttd/apps-test?${query}`);

  expect(answer).toMatchObject({ status: 400 });
  expect((answer.json as { errors: object }).errors).toEqual(errors);
});

test("nobody of a longer name than any subject has is erased", async () => {
  const eraser = await anActor(flow, { ...userClaims, scope: "altinn:events.erase" });

  expect(await eraser.call("DELETE", `${base}/parties/${long}`)).toMatchObject({ status: 400 });
});

test("private routes say that a body is missing, and take numbers as text as the reference does", async () => {
  const platformaccesstoken = await flow.platform.platformToken("platform", "events");
  const post = (path: string, type: string, body: string) =>
    flow.request("POST", base + path, {
      headers: { platformaccesstoken, "content-type": type },
      body,
    });
  const entry = { cloudEventId: crypto.randomUUID(), endpoint: "https://example.com" };

  const empty = await post("/inbound", "application/cloudevents+json", "");
  const stored = await post(
    "/storage/events",
    "application/cloudevents+json",
    JSON.stringify(anEvent()),
  );
  const asText = await post(
    "/storage/events/logs",
    "application/json",
    JSON.stringify({ ...entry, statusCode: "200", subscriptionId: "5" }),
  );
  const without = await post("/storage/events/logs", "application/json", JSON.stringify(entry));

  expect(empty).toMatchObject({
    status: 400,
    json: { errors: { "": ["A non-empty request body is required."] } },
  });
  expect([stored.status, asText.status, without.status]).toEqual([200, 201, 400]);
  expect(without.json).not.toHaveProperty("detail");
});
