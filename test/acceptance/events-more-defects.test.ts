/** Further defects of the reference, by name: who is told, what is logged, what is refused. */
import { afterAll, beforeAll, expect, test } from "vitest";
import topology from "../../infra/topology.json" with { type: "json" };
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import { type Actor, anActor, anEvent, orgClaims, RESOURCE } from "../support/events-builders.ts";

let flow: EventFlow;
let org: Actor;

beforeAll(async () => {
  flow = await startEventFlow();
  org = await anActor(flow);
});

afterAll(() => flow.stop());

const newResource = (): string => `${RESOURCE}-${crypto.randomUUID().slice(0, 8)}`;

const pushed = (name: string): readonly string[] =>
  flow.platform.hooks
    .filter(({ path, body }) => path === `/hooks/${name}` && !body.includes("validatesubscription"))
    .map(({ body }) => (JSON.parse(body) as { id: string }).id);

const systemUser = {
  type: "urn:altinn:systemuser",
  systemuser_id: ["0a1b2c3d-0000-4000-8000-00000000abcd"],
};

test.each([
  ["/user/7", { "urn:altinn:userid": 7 }],
  ["/systemuser/0a1b2c3d-0000-4000-8000-00000000abcd", { authorization_details: [systemUser] }],
  ["/systemuser/0a1b2c3d-0000-4000-8000-00000000abcd", { authorization_details: systemUser }],
  ["/organisation/991825827", { "urn:altinn:orgNumber": "991825827" }],
])("EV-D32: a consumer %s is told", async (consumer, claims) => {
  const actor = await anActor(flow, { ...claims, scope: "altinn:events.subscribe" });
  const resource = newResource();
  const name = crypto.randomUUID();
  const created = await actor.subscribe({
    resourceFilter: resource,
    endPoint: `${flow.platform.url}/hooks/${name}`,
  });
  await flow.settle();
  await org.publish(anEvent({ id: name, resource }));
  await flow.settle();

  expect(created.json).toMatchObject({ consumer });
  expect(pushed(name)).toEqual([name]);
});

test("EV-D34: the log of deliveries ends by age", () => {
  expect(topology.containers.deliveries.defaultTtl).toBe(100 * 24 * 3600);
});

test("EV-D38: a source filter keeps its meaning: the same host, and the path up to the last slash", async () => {
  const resource = "urn:altinn:resource:app_ttd_sources";
  const created = await org.subscribe({
    endPoint: `${flow.platform.url}/hooks/sources`,
    resourceFilter: resource,
    sourceFilter: "https://ttd.apps.altinn.no/ttd/sources",
  });
  await flow.settle();
  for (const [id, host] of [
    ["same", "ttd.apps.altinn.no"],
    ["other", "platform.altinn.no"],
  ]) {
    await org.publish(anEvent({ id, resource, source: `https://${host}/ttd/sources/1` }));
  }
  await flow.settle();

  expect(created.status).toBe(201);
  expect(pushed("sources")).toEqual(["same"]);
});

test("EV-D38: a prefix of sources is one of whole segments, for any resource, with or without a slash at its end", async () => {
  const resource = newResource();
  await org.subscribe({
    endPoint: `${flow.platform.url}/hooks/prefixes`,
    resourceFilter: resource,
    sourcePrefixes: ["https://example.com/ttd/a/"],
  });
  await flow.settle();
  for (const path of ["a", "a/1", "ab", "b"]) {
    await org.publish(anEvent({ id: path, resource, source: `https://example.com/ttd/${path}` }));
  }
  await flow.settle();

  expect([...pushed("prefixes")].sort()).toEqual(["a", "a/1"]);
});

test("EV-D51: a token of an issuer that nobody listed is no token", async () => {
  const token = await flow.platform.platformToken("somebody-else", "x");

  const answer = await flow.request("GET", "/events/api/v1/subscriptions", {
    headers: { authorization: `Bearer ${token}` },
  });

  expect(answer.status).toBe(401);
});

test("EV-D53: neither national numbers nor what events hold reach the log", async () => {
  const nationalId = "07124912037";
  const resource = newResource();
  await org.subscribe({
    resourceFilter: resource,
    endPoint: `${flow.platform.url}/hooks/secret-path`,
  });
  await flow.settle();
  flow.platform.hookAnswers.push({ status: 500 });
  const subject = `urn:altinn:person:identifier-no:${nationalId}`;
  await org.publish(anEvent({ resource, subject, data: { secret: "confidential" } }));
  await flow.settle();

  expect(pushed("secret-path")).toHaveLength(1);
  expect(flow.logged.join("\n")).toContain("A message will be tried again");
  expect(flow.logged.join("\n")).not.toMatch(/07124912037|confidential|secret-path/);
});

test("EV-D64: a unit is nine digits", async () => {
  const answer = await org.call("GET", "/events/api/v1/app/party?after=0&unit=12345678a");

  expect(answer.json).toMatchObject({ detail: "Value of 'Unit' needs to be exactly 9 digits." });
});

test("EV-D67: subscribers of one event do not touch each other's copy", async () => {
  const resource = newResource();
  for (const name of ["copy-1", "copy-2"]) {
    const endPoint = `${flow.platform.url}/hooks/${name}`;
    await org.subscribe({ resourceFilter: resource, endPoint });
  }
  await flow.settle();
  await org.publish(anEvent({ id: "copy", resource }));
  await flow.settle();

  const bodies = flow.platform.hooks
    .filter(({ path, body }) => path.startsWith("/hooks/copy-") && body.includes('"copy"'))
    .map(({ body }) => body);
  expect(bodies).toHaveLength(2);
  expect(new Set(bodies).size).toBe(1);
});

test("EV-D68: an event of a dialogue on an app's resource is judged by the app, without an instance", async () => {
  const resource = "urn:altinn:resource:app_ttd_dialogue";
  const asked: ReadonlyMap<string, string>[] = [];
  await org.subscribe({
    resourceFilter: resource,
    endPoint: `${flow.platform.url}/hooks/dialogue`,
  });
  await flow.settle();
  await org.publish(
    anEvent({
      id: "dialogue",
      resource,
      type: "dialogporten.dialog.created.v1",
      source: "https://platform.altinn.no/dialogporten/api/v1/enduser/dialogs/1/2/3",
    }),
  );
  flow.platform.isPermitted = (question) => asked.push(question) > 0;
  await flow.settle();
  flow.platform.isPermitted = () => true;

  expect(pushed("dialogue")).toEqual(["dialogue"]);
  expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
    "urn:altinn:app": "dialogue",
    "urn:altinn:appresource": "events",
  });
  expect(asked[0]?.has("urn:altinn:instance-id")).toBe(false);
});

test("EV-D69: an end point that is not https is refused", async () => {
  const answers = await Promise.all(
    ["http://example.com/", "ftp://example.com/", "javascript:1", "/relative"].map((endPoint) =>
      org.subscribe({ endPoint }),
    ),
  );

  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
});

test("a Slack end point gets a text, not an event", async () => {
  const { payloadFor } = await import("../../functions/events/domain/webhook-payload.ts");
  const event = { specversion: "1.0", id: "1", source: "/a", type: "b" } as const;

  expect(payloadFor(new URL("https://hooks.slack.com/services/T/B"), event)).toBe(
    '{"text":"{\\"specversion\\":\\"1.0\\",\\"id\\":\\"1\\",\\"source\\":\\"/a\\",\\"type\\":\\"b\\"}"}',
  );
});

test("a trace that a publisher began goes on with the push", async () => {
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const traced = await anActor(flow, orgClaims);
  const resource = newResource();
  await traced.subscribe({
    resourceFilter: resource,
    endPoint: `${flow.platform.url}/hooks/traced`,
  });
  await flow.settle();
  await traced.publish(anEvent({ id: "traced", resource, traceparent }));
  await flow.settle();

  const hook = flow.platform.hooks.findLast(({ path }) => path === "/hooks/traced");
  expect(hook?.headers["traceparent"]).toBe(traceparent);
});
