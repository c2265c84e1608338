/** Why was an event delivered, or why not; and what survives faults of what the events flow depends on. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { envSchema } from "../../functions/config.ts";
import { createGuardedFetch } from "../../functions/platform/net/guarded-fetch.ts";
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
  flow.platform.hookAnswers.length = 0;
  flow.platform.isPermitted = () => true;
  flow.platform.isDown = false;
  flow.platform.mainUnits = [];
  flow.cosmos.server.faults.clear();
});

const json = { "content-type": "application/json" };

async function aSubscription(wish: object = {}) {
  const name = crypto.randomUUID();
  const resource = `${RESOURCE}-${name.slice(0, 8)}`;
  const endPoint = `${flow.platform.url}/hooks/${name}`;
  const created = await org.subscribe({ resourceFilter: resource, endPoint, ...wish });
  await flow.settle();
  const { id } = created.json as { id: number };
  const path = `/events/api/v1/subscriptions/${id}`;
  return {
    id,
    path,
    resource,
    change: (body: object) => org.call("PUT", path, { headers: json, body: JSON.stringify(body) }),
    explain: async (event: string) =>
      (await org.call("GET", `${path}/explain?event=${event}`)).json,
    told: () =>
      flow.platform.hooks
        .filter((hook) => hook.path === `/hooks/${name}` && !hook.body.includes("validatesub"))
        .map(({ body }) => (JSON.parse(body) as { id: string }).id),
  };
}

async function publish(resource: string, id: string, more: object = {}): Promise<void> {
  await org.publish(anEvent({ id, resource, source: `https://example.com/${resource}`, ...more }));
  await flow.settle();
}

/** Settles while time goes on, for what waits between its attempts at the database. */
async function settleInTime(): Promise<void> {
  const state = { isDone: false };
  const settling = flow.settle().finally(() => {
    state.isDone = true;
  });
  while (!state.isDone) {
    await flow.clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await settling;
}

test("EV-D33: a failing delivery is explained by its attempts, whatever the event's id, and also without an answer", async () => {
  const { resource, explain } = await aSubscription();
  flow.platform.hookAnswers.push({ status: 503 }, "reset");
  await publish(resource, "no-uuid");
  await flow.clock.advance(10_000);
  await flow.settle();

  expect(await explain("no-uuid")).toMatchObject({
    outcome: "pending",
    filters: { resource: true, subject: true, type: true, source: true, time: true },
    attempts: [
      { number: 1, status: 503, excerpt: "said the end point" },
      { number: 2, excerpt: expect.stringMatching(/SOCKET|ECONNRESET/) as string },
    ],
  });
});

test("a decision is explained with its age: the one at the delivery, and the one now", async () => {
  const { resource, explain } = await aSubscription();
  await publish(resource, "decided");
  await flow.clock.advance(4_000);

  expect(await explain("decided")).toMatchObject({
    outcome: "delivered",
    authorization: {
      now: { isPermitted: true, ageInSeconds: 4 },
      atDelivery: { isPermitted: true, ageInSeconds: 4 },
    },
  });
  flow.platform.isPermitted = () => false;
  await flow.clock.advance(20_000);
  expect(await explain("decided")).toMatchObject({
    outcome: "delivered",
    authorization: {
      now: { isPermitted: false, ageInSeconds: 0 },
      atDelivery: { isPermitted: true, ageInSeconds: 24 },
    },
  });
});

test("who may not know of an event is told neither of it nor about it", async () => {
  const { resource, explain, told, path } = await aSubscription();
  flow.platform.isPermitted = (asked) =>
    asked.get("urn:oasis:names:tc:xacml:1.0:action:action-id") === "publish" ||
    asked.get("urn:altinn:eventtype") !== "secret";
  await publish(resource, "denied", { type: "secret" });

  expect(told()).toEqual([]);
  expect(await explain("denied")).toMatchObject({
    outcome: "not-authorized",
    authorization: { atDelivery: { isPermitted: false } },
  });
  const log = (await org.call("GET", `${path}/deliveries`)).text;
  expect(log).toContain('"state":"unauthorized"');
  expect(log).not.toMatch(/denied|party/);
  const other = await aSubscription({ resourceFilter: resource, typeFilter: "other" });
  expect(await other.explain("denied")).toEqual({ outcome: "event-not-found" });
});

test("an event from before the subscription, and one while it is parked, are explained so", async () => {
  const early = `${RESOURCE}-${crypto.randomUUID().slice(0, 8)}`;
  await publish(early, "early");
  await flow.clock.advance(1000);
  const { explain, path } = await aSubscription({ resourceFilter: early });
  await org.call("POST", `${path}/pause`);
  await publish(early, "held");

  expect(await explain("early")).toMatchObject({
    outcome: "not-matched",
    filters: { time: false },
  });
  expect(await explain("held")).toMatchObject({
    outcome: "held",
    subscription: { validated: true, parked: { reason: "paused" } },
  });
});

test("an event of a sub-unit is explained with its main unit in mind", async () => {
  flow.platform.mainUnits = [{ partyId: 900 }];
  const { explain, resource, told } = await aSubscription({
    subjectFilter: "/party/900",
    includeSubunits: true,
  });
  const alternativesubject = "/organisation/991825827";
  await publish(resource, "sub", { subject: "/party/901", alternativesubject });

  expect(told()).toEqual(["sub"]);
  expect(await explain("sub")).toMatchObject({ outcome: "delivered", filters: { subject: true } });
});

test("a filter that is given as nothing is taken away; another way to name the subject replaces it", async () => {
  const resource = "urn:altinn:resource:app_ttd_changes";
  const { change, path } = await aSubscription({
    resourceFilter: resource,
    typeFilter: "a",
    subjectFilter: "/party/1",
  });

  await change({ typeFilter: null });
  await change({ alternativeSubjectFilter: "/organisation/991825827" });

  const one = (await org.call("GET", path)).json;
  expect(one).toMatchObject({ subjectFilter: "/party/50019855", validated: true });
  expect(one).not.toHaveProperty("typeFilter");
});

test("EV-D40: a change cannot make two subscriptions the same", async () => {
  const one = await aSubscription({ typeFilter: "a" });
  const wish = JSON.parse((await org.call("GET", one.path)).text) as { endPoint: string };
  const other = await aSubscription({
    endPoint: wish.endPoint,
    resourceFilter: one.resource,
    typeFilter: "b",
  });

  expect(await other.change({ typeFilter: "a" })).toMatchObject({
    status: 409,
    json: { code: "conflict" },
  });
  expect((await other.change({ typeFilter: "c" })).status).toBe(200);
});

test("EV-D43: an organisation that gets an acronym keeps its subscriptions", async () => {
  const { "urn:altinn:org": acronym, ...asNumber } = orgClaims;
  const organisation = await anActor(flow, asNumber);
  const created = await organisation.subscribe({
    endPoint: "feed:",
    resourceFilter: `${RESOURCE}-43`,
  });
  const path = `/events/api/v1/subscriptions/${(created.json as { id: number }).id}`;
  const withAcronym = await anActor(flow, { ...asNumber, "urn:altinn:org": acronym });
  const stranger = await anActor(flow, { ...orgClaims, "urn:altinn:orgNumber": "974760673" });

  expect(created.json).toMatchObject({ consumer: "/organisation/991825827" });
  expect((await withAcronym.call("GET", path)).status).toBe(200);
  expect(
    JSON.stringify((await withAcronym.call("GET", "/events/api/v1/subscriptions")).json),
  ).toContain("/organisation/991825827");
  expect((await stranger.call("DELETE", path)).status).toBe(403);
  expect((await withAcronym.call("DELETE", path)).status).toBe(200);
});

test("EV-D17: an outage of the delivery log after a push neither loses the push nor ends it, in any year", async () => {
  await flow.clock.advance(3 * 365 * 24 * 3_600_000);
  const { resource, told, path } = await aSubscription();
  flow.cosmos.server.faults.add({
    container: "deliveries",
    operations: ["Upsert"],
    effect: { kind: "status", status: 503 },
    count: 40,
  });
  await org.publish(anEvent({ id: "logged", resource }));
  await settleInTime();
  flow.cosmos.server.faults.clear();
  await flow.clock.advance(60_000);
  await settleInTime();

  expect(told()[0]).toBe("logged");
  expect((await org.call("GET", `${path}/deliveries`)).json).toMatchObject({
    deliveries: [{ eventId: "logged", state: "delivered" }],
  });
});

test("EV-D66: an end point that hangs is given up after its time, fifteen seconds if nothing else is set", async () => {
  const { data: seconds } = envSchema.shape.WEBHOOK_TIMEOUT_IN_SECONDS.safeParse(undefined);
  expect(seconds).toBe(15);
  const hanging = createServer().listen(0, "127.0.0.1");
  await once(hanging, "listening");
  const host = `127.0.0.1:${(hanging.address() as AddressInfo).port}`;
  const call = createGuardedFetch({ trustedHosts: new Set([host]), allowedPorts: new Set([443]) });

  const outcome = await call({
    url: new URL(`http://${host}/`),
    method: "POST",
    headers: {},
    timeoutInMs: 50,
  });

  expect(outcome).toMatchObject({ kind: "no-answer", reason: "TimeoutError" });
  hanging.closeAllConnections();
  hanging.close();
});

test("a broker that is busy while pushes are handed on is asked again, and each subscriber is told once", async () => {
  const { resource, told } = await aSubscription();
  flow.serviceBus.faults.add({ on: "send", queue: "event-pushes", effect: "refuse" });

  await publish(resource, "broker");

  expect(told()).toEqual(["broker"]);
});
