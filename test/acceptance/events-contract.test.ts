/** Bad input on the routes of events: the contract's status and words, and nothing is stored. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import {
  type Actor,
  anActor,
  anAppEvent,
  anEvent,
  RESOURCE,
  userClaims,
} from "../support/events-builders.ts";

let flow: EventFlow;
let org: Actor;
let user: Actor;

beforeAll(async () => {
  flow = await startEventFlow();
  org = await anActor(flow);
  user = await anActor(flow, userClaims);
});

afterAll(() => flow.stop());

const events = "/events/api/v1/events";
const subscriptions = "/events/api/v1/subscriptions";
const cloudEvents = { "content-type": "application/cloudevents+json" };
const json = { "content-type": "application/json" };

test.each([
  ["POST", events, "application/json"],
  ["POST", "/events/api/v1/app", "text/plain"],
  ["POST", subscriptions, "text/plain"],
  ["GET", events, "text/plain"],
])("%s %s with %s is 415, before anybody asks who is calling", async (method, path, type) => {
  const answer = await flow.request(method, path, {
    headers: { "content-type": type },
    ...(method === "POST" && { body: "{}" }),
  });

  expect(answer).toMatchObject({ status: 415, text: "" });
});

test.each([
  ["POST", events],
  ["GET", events],
  ["GET", "/events/api/v1/app/ttd/apps-test"],
  ["GET", "/events/api/v1/app/party"],
  ["GET", subscriptions],
  ["GET", `${subscriptions}/1`],
  ["DELETE", `${subscriptions}/1`],
  ["PUT", `${subscriptions}/validate/1`],
  ["GET", `${subscriptions}/feed`],
  ["POST", "/events/instanceeventsforparty"],
])("%s %s without a token is 401 without a body", async (method, path) => {
  expect(await flow.request(method, path)).toMatchObject({ status: 401, text: "" });
});

test("a token without the scope is 403 without a body", async () => {
  const nobody = await anActor(flow, { "urn:altinn:userid": 1, scope: "openid" });

  expect(await nobody.publish(anEvent())).toMatchObject({ status: 403, text: "" });
  expect(await nobody.call("GET", `${events}?resource=${RESOURCE}&after=0`)).toMatchObject({
    status: 403,
    text: "",
  });
  expect(await nobody.subscribe({})).toMatchObject({ status: 403, text: "" });
});

test.each([
  ["[]", "Cannot decode JSON element of kind 'Array' as CloudEvent"],
  [
    '{"specversion":"1.0"}',
    "CloudEvent is missing required attributes: id, source, type (Parameter 'data')",
  ],
])("POST /events of %s names what is wrong", async (body, message) => {
  const answer = await org.call("POST", events, { headers: cloudEvents, body });

  expect(answer).toMatchObject({
    status: 400,
    json: {
      type: "https://tools.ietf.org/html/rfc9110#section-15.5.1",
      title: "One or more validation errors occurred.",
      errors: { RequestBody: [message] },
    },
  });
});

test("an event without resource, and one with a resource that is no URN, are told apart", async () => {
  const without = await org.publish(anEvent({ resource: undefined }));
  const wrong = await org.publish(anEvent({ resource: "urn:foo::::" }));

  expect(without.json).toMatchObject({ detail: "A 'resource' property must be defined." });
  expect(wrong.json).toMatchObject({ detail: "'Resource' must be a valid urn." });
});

test("EV-D55: an event that is too large is 413, and nothing is stored", async () => {
  const resource = `${RESOURCE}-large`;

  const answer = await org.publish(anEvent({ resource, data: "x".repeat(70_000) }));
  await flow.settle();

  expect(answer).toMatchObject({ status: 413, json: { code: "payload-too-large" } });
  expect((await org.call("GET", `${events}?resource=${resource}&after=0`)).json).toEqual([]);
});

test("who may not publish gets 403, and nothing is stored", async () => {
  const resource = `${RESOURCE}-denied`;
  flow.platform.isPermitted = () => false;
  const answer = await org.publish(anEvent({ resource }));
  flow.platform.isPermitted = () => true;
  await flow.settle();

  expect(answer).toMatchObject({ status: 403, text: "" });
  expect((await org.call("GET", `${events}?resource=${resource}&after=0`)).json).toEqual([]);
});

test.each([
  ["?after=0", { errors: { resource: ["The resource field is required."] } }],
  [
    "?resource=urn:a:b&after=0",
    { detail: "The 'resource' parameter must begin with `urn:altinn:resource:`" },
  ],
  [`?resource=${RESOURCE}`, { detail: "The 'after' parameter must be defined." }],
  [`?resource=${RESOURCE}&after=0&size=x`, { errors: { size: ["The value 'x' is not valid."] } }],
])("GET /events%s is 400 in the reference's words", async (query, body) => {
  expect(await org.call("GET", events + query)).toMatchObject({ status: 400, json: body });
});

test.each([
  ["/ttd/apps-test", "The 'From' or 'After' parameter must be defined."],
  [
    "/ttd/apps-test?from=2022-07-07T11:00:53",
    "The 'From' parameter must specify timezone. E.g. 2022-07-07T11:00:53.3917Z for UTC",
  ],
  [
    "/ttd/apps-test?after=0&to=2022-07-07T11:00:53",
    "The 'To' parameter must specify timezone. E.g. 2022-07-07T11:00:53.3917Z for UTC",
  ],
  ["/ttd/apps-test?after=0&size=0", "The 'Size' parameter must be a number larger that 0."],
  ["/ttd/apps-test?after=0&unit=1&party=1", "Only one of 'Party' or 'Unit' can be defined."],
  ["/ttd/apps-test?after=0&unit=1", "Value of 'Unit' needs to be exactly 9 digits."],
  [
    "/party?after=0",
    "Subject must be specified using either query params party or unit or header value person.",
  ],
])("GET /app%s is 400 in the reference's words", async (path, detail) => {
  const answer = await org.call("GET", `/events/api/v1/app${path}`);

  expect(answer).toMatchObject({ status: 400, json: { title: "Bad Request", detail } });
});

test("only orgs read the feed of an app", async () => {
  const answer = await user.call("GET", "/events/api/v1/app/ttd/apps-test?after=0");

  expect(answer).toMatchObject({ status: 401, json: "Only orgs can call this api" });
});

test("POST /app without what it needs names what is missing", async () => {
  const answer = await org.publishApp(anAppEvent({ subject: "" }));

  expect(answer.json).toMatchObject({
    detail: "Missing parameter values: source, subject and type cannot be null",
  });
});

test.each([
  [{ endPoint: undefined }, "Missing or invalid endpoint to push events towards"],
  [{ endPoint: "http://example.com" }, "Missing or invalid endpoint to push events towards"],
  [{ sourceFilter: "" }, "SourceFilter must be an absolute URL with the https scheme."],
  [{ resourceFilter: "urn:x" }, "Resource filter must be a valid urn"],
  [{ resourceFilter: undefined }, "Resource filter is required."],
  [{ includeSubunits: true }, "IncludeSubunits requires a subject filter."],
  [
    { sourceFilter: "https://example.com/a" },
    "Source filter is not supported for subscriptions on this resource.",
  ],
  [
    { alternativeSubjectFilter: "/org/1" },
    "AlternativeSubject filter is not supported for subscriptions on this resource.",
  ],
  [
    { resourceFilter: undefined, sourceFilter: "https://ttd.apps.altinn.no/ttd" },
    "A valid app id is required in source filter {environment}/{org}/{app}",
  ],
  [
    {
      resourceFilter: "urn:altinn:resource:app_ttd_b",
      sourceFilter: "https://ttd.apps.altinn.no/ttd/a",
    },
    "Provided resource filter and source filter are not compatible",
  ],
])("a wish with %o is refused in the reference's words", async (wish, message) => {
  expect(await org.subscribe(wish)).toMatchObject({ status: 400, json: message });
});

test("EV-D41: a resource of an app without the app's name is 400", async () => {
  expect((await org.subscribe({ resourceFilter: "urn:altinn:resource:app_ttd" })).status).toBe(400);
});

test("EV-D45: a host that only ends like the domain of the apps is no host of apps", async () => {
  const answer = await org.subscribe({
    resourceFilter: undefined,
    sourceFilter: "https://evilapps.altinn.no/ttd/a",
  });

  expect(answer).toMatchObject({ status: 400, json: "Resource filter is required." });
});

test("EV-D36: an empty filter is no filter", async () => {
  const answer = await org.subscribe({ subjectFilter: "", typeFilter: "" });

  expect(answer.status).toBe(201);
  expect(answer.json).not.toHaveProperty("subjectFilter");
  expect(answer.json).not.toHaveProperty("typeFilter");
});

test("EV-D42: while Register is down, a wish that needs it is 503, not a misleading 400", async () => {
  flow.platform.isDown = true;
  const answer = await user.subscribe({
    resourceFilter: "urn:altinn:resource:app_ttd_a",
    alternativeSubjectFilter: "/person/07124912037",
  });
  flow.platform.isDown = false;

  expect(answer.status).toBe(503);
});

test("EV-D14: the Location of a subscription is where it is", async () => {
  const created = await org.subscribe({ typeFilter: "located" });
  const location = new URL(created.headers.get("location") ?? "").pathname;

  expect((await org.call("GET", location)).json).toMatchObject({ typeFilter: "located" });
});

test("EV-D44: others' subscriptions are neither listed nor shown nor deleted", async () => {
  const created = await org.subscribe({ typeFilter: "mine" });
  const { id } = created.json as { id: number };

  const list = await user.call("GET", subscriptions);

  expect(list.json).toEqual({ count: 0, subscriptions: [] });
  expect((await user.call("GET", `${subscriptions}/${id}`)).status).toBe(403);
  expect((await user.call("DELETE", `${subscriptions}/${id}`)).status).toBe(403);
  expect((await user.call("GET", `${subscriptions}/12`)).status).toBe(404);
  expect((await user.call("GET", `${subscriptions}/x`)).status).toBe(400);
});

test("EV-D49: an app cannot declare a subscription valid", async () => {
  const path = `${subscriptions}/validate/1`;
  const asApp = await flow.platform.platformToken("ttd", "apps-test");
  const asPlatform = await flow.platform.platformToken("platform", "events");

  const refused = await flow.request("PUT", path, { headers: { platformaccesstoken: asApp } });
  const absent = await flow.request("PUT", path, { headers: { platformaccesstoken: asPlatform } });

  expect([refused.status, absent.status]).toEqual([403, 404]);
});

test("the feeds of the first design answer: by app and type, by party with the number in the body", async () => {
  await org.publishApp(anAppEvent({ type: "design.one" }));
  await org.publishApp(anAppEvent({ type: "design.two" }));
  await flow.settle();

  const ofApp = await org.call(
    "GET",
    "/events/instanceevents/ttd/apps-test?from=2020-01-01T00:00:00Z&eventType=design.two",
  );
  const ofParty = await user.call("POST", "/events/instanceeventsforparty", {
    headers: json,
    body: JSON.stringify({
      appId: "ttd/apps-test",
      party: { organisationNumber: "991825827" },
      fromTime: "2020-01-01T00:00:00Z",
      type: "design.one",
    }),
  });

  expect(ofApp.json).toMatchObject([{ type: "design.two" }]);
  expect(ofParty.json).toMatchObject([{ type: "design.one" }]);
});

test("a scope for one app does not open another's feed", async () => {
  const consumer = { authority: "iso6523-actorid-upis", ID: "0192:991825827" };
  const delegate = await anActor(flow, { scope: "altinn:events/ttd/apps-test", consumer });

  const own = await delegate.call("GET", "/events/instanceevents/ttd/apps-test");
  const other = await delegate.call("GET", "/events/instanceevents/ttd/other");

  expect([own.status, other.status]).toEqual([200, 403]);
});
