/** From an event that is stored to the end points that are told. */
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import { type Actor, anActor, anEvent, RESOURCE, userClaims } from "../support/events-builders.ts";

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
  flow.platform.hookAnswers.length = 0;
});

const newResource = (): string => `${RESOURCE}-${crypto.randomUUID().slice(0, 8)}`;

const feedPath = (resource: string, after = "0"): string =>
  `/events/api/v1/events?resource=${resource}&after=${after}`;

const idsOf = (json: unknown): readonly string[] => (json as { id: string }[]).map(({ id }) => id);

const hooksOf = (name: string) =>
  flow.platform.hooks
    .filter(({ path, body }) => path === `/hooks/${name}` && !body.includes("validatesubscription"))
    .map((call) => ({ ...call, event: JSON.parse(call.body) as { id: string } }));

test("EV-D23 EV-D47: a webhook is asked first, then told, signed with the secret that was shown once", async () => {
  const resource = newResource();
  const created = await org.subscribe({
    resourceFilter: resource,
    endPoint: `${flow.platform.url}/hooks/signed`,
  });
  const { id, secret } = created.json as { id: number; secret: string };
  await flow.settle();

  await org.publish(anEvent({ id: "to-push", resource }));
  await flow.settle();

  const one = await org.call("GET", `/events/api/v1/subscriptions/${id}`);
  expect(one.json).toMatchObject({ id, validated: true, consumer: "/org/ttd" });
  expect(one.json).not.toHaveProperty("secret");
  const [hook] = hooksOf("signed");
  expect(hook?.event).toMatchObject({ id: "to-push", resource });
  expect(hook?.headers["content-type"]).toBe("application/json; charset=utf-8");
  expect(
    new Webhook(secret).sign(
      hook?.headers["webhook-id"] as string,
      new Date(Number(hook?.headers["webhook-timestamp"]) * 1000),
      hook?.body ?? "",
    ),
  ).toBe(hook?.headers["webhook-signature"]);
});

test("a push that failed is tried again after ten seconds, and both attempts are in the log", async () => {
  const resource = newResource();
  const created = await org.subscribe({
    resourceFilter: resource,
    endPoint: `${flow.platform.url}/hooks/again`,
  });
  const { id } = created.json as { id: number };
  await flow.settle();
  flow.platform.hookAnswers.push({ status: 500 });
  await org.publish(anEvent({ id: "again", resource }));
  await flow.settle();
  expect(hooksOf("again")).toHaveLength(1);

  await flow.clock.advance(9_000);
  await flow.settle();
  expect(hooksOf("again")).toHaveLength(1);
  await flow.clock.advance(1_000);
  await flow.settle();

  const hooks = hooksOf("again");
  expect(hooks).toHaveLength(2);
  expect(new Set(hooks.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  const log = await org.call("GET", `/events/api/v1/subscriptions/${id}/deliveries`);
  expect(log.json).toMatchObject({
    deliveries: [
      {
        eventId: "again",
        state: "delivered",
        attempts: [
          { number: 1, status: 500 },
          { number: 2, status: 200 },
        ],
      },
    ],
  });
});

test("EV-D18: a deleted subscription gets nothing from the next event on", async () => {
  const resource = newResource();
  const created = await org.subscribe({
    resourceFilter: resource,
    endPoint: `${flow.platform.url}/hooks/deleted`,
  });
  const { id } = created.json as { id: number };
  await flow.settle();

  const deleted = await org.call("DELETE", `/events/api/v1/subscriptions/${id}`);
  await org.publish(anEvent({ resource }));
  await flow.settle();

  expect(deleted).toMatchObject({ status: 200, text: "" });
  expect(hooksOf("deleted")).toHaveLength(0);
  expect((await org.call("GET", `/events/api/v1/subscriptions/${id}`)).status).toBe(404);
});

test("EV-D40: the same wish at the same time is one subscription", async () => {
  const wish = { resourceFilter: newResource(), endPoint: `${flow.platform.url}/hooks/race` };

  const answers = await Promise.all(Array.from({ length: 8 }, () => org.subscribe(wish)));

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  expect(new Set(answers.map(({ json }) => (json as { id: number }).id)).size).toBe(1);
});

test("EV-D15: while the decision point is down nothing is pushed and nothing is lost", async () => {
  const resource = newResource();
  await org.subscribe({ resourceFilter: resource, endPoint: `${flow.platform.url}/hooks/pdp` });
  await flow.settle();
  await org.publish(anEvent({ id: "patient", resource }));
  flow.platform.isDown = true;
  await flow.settle();
  expect(hooksOf("pdp")).toHaveLength(0);

  flow.platform.isDown = false;
  await flow.clock.advance(6_000);
  await flow.settle();

  expect(hooksOf("pdp").map(({ event }) => event.id)).toEqual(["patient"]);
});

test("EV-D19: a permit for one party says nothing of another", async () => {
  const resource = newResource();
  await org.subscribe({ resourceFilter: resource, endPoint: `${flow.platform.url}/hooks/party` });
  await flow.settle();
  flow.platform.isPermitted = (asked) => asked.get("urn:altinn:partyid") !== "2";

  await org.publish(anEvent({ id: "p1", resource, subject: "/party/1" }));
  flow.platform.isPermitted = () => true;
  await org.publish(anEvent({ id: "p2", resource, subject: "/party/2" }));
  flow.platform.isPermitted = (asked) => asked.get("urn:altinn:partyid") !== "2";
  await flow.settle();

  expect(hooksOf("party").map(({ event }) => event.id)).toEqual(["p1"]);
});

test("changes that come again change nothing", async () => {
  const resource = newResource();
  await org.subscribe({ resourceFilter: resource, endPoint: `${flow.platform.url}/hooks/replay` });
  await flow.settle();
  await org.publish(anEvent({ id: "r", resource }));
  await flow.settle();

  await flow.replayChanges();

  expect(idsOf((await org.call("GET", feedPath(resource))).json)).toEqual(["r"]);
  expect(hooksOf("replay")).toHaveLength(1);
});

test("what many feed: subscriptions match is read with one cursor", async () => {
  const user = await anActor(flow, userClaims);
  const resource = newResource();
  for (const subjectFilter of ["/party/71", "/party/72"]) {
    await user.subscribe({ endPoint: "feed:", resourceFilter: resource, subjectFilter });
  }
  await flow.settle();
  for (const party of [71, 72, 73]) {
    await org.publish(anEvent({ id: `f${party}`, resource, subject: `/party/${party}` }));
  }
  await flow.settle();

  const feed = await user.call("GET", "/events/api/v1/subscriptions/feed");

  expect([...idsOf(feed.json)].sort()).toEqual(["f71", "f72"]);
});

test("EV-D62: the same source and id is stored once and pushed once, and answered alike", async () => {
  const resource = newResource();
  await org.subscribe({ resourceFilter: resource, endPoint: `${flow.platform.url}/hooks/once` });
  await flow.settle();
  const event = anEvent({ id: "twice", resource });

  const answers = await Promise.all([org.publish(event), org.publish(event)]);
  await flow.settle();
  answers.push(await org.publish(event));
  await flow.settle();

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(idsOf((await org.call("GET", feedPath(resource))).json)).toEqual(["twice"]);
  expect(hooksOf("once")).toHaveLength(1);
});
