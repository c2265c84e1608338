/** What an owner does with a subscription: change, test, explain, redrive; and what an end point may say. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import { type Actor, anActor, anEvent, RESOURCE } from "../support/events-builders.ts";

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
});

const newResource = (): string => `${RESOURCE}-${crypto.randomUUID().slice(0, 8)}`;

const json = { "content-type": "application/json" };

async function aSubscription(name: string, resource: string): Promise<string> {
  const created = await org.subscribe({
    resourceFilter: resource,
    endPoint: `${flow.platform.url}/hooks/${name}`,
  });
  await flow.settle();
  return `/events/api/v1/subscriptions/${(created.json as { id: number }).id}`;
}

const eventsAt = (name: string): readonly { readonly id: string; readonly type: string }[] =>
  flow.platform.hooks
    .filter(({ path }) => path === `/hooks/${name}`)
    .map(({ body }) => JSON.parse(body) as { id: string; type: string })
    .filter(({ type }) => type !== "platform.events.validatesubscription");

test("EV-D39: a subscription can be changed, and the change counts at once", async () => {
  const resource = newResource();
  const path = await aSubscription("changed", resource);

  const changed = await org.call("PUT", path, {
    headers: json,
    body: JSON.stringify({ typeFilters: ["wanted.*"] }),
  });
  await org.publish(anEvent({ id: "no", resource, type: "other" }));
  await org.publish(anEvent({ id: "yes", resource, type: "wanted.one" }));
  await flow.settle();

  expect(changed).toMatchObject({
    status: 200,
    json: { typeFilters: ["wanted.*"], validated: true },
  });
  expect(eventsAt("changed").map(({ id }) => id)).toEqual(["yes"]);
});

test("a new end point is asked first", async () => {
  const resource = newResource();
  const path = await aSubscription("before", resource);

  const changed = await org.call("PUT", path, {
    headers: json,
    body: JSON.stringify({ endPoint: `${flow.platform.url}/hooks/after` }),
  });
  expect(changed.json).toMatchObject({ validated: false });
  await flow.settle();
  await org.publish(anEvent({ id: "moved", resource }));
  await flow.settle();

  expect(eventsAt("before")).toEqual([]);
  expect(eventsAt("after").map(({ id }) => id)).toEqual(["moved"]);
});

test("what was due when the end point changed goes to the new one, once that has answered", async () => {
  const resource = newResource();
  const path = await aSubscription("leaving", resource);
  flow.platform.hookAnswers.push({ status: 500 });
  await org.publish(anEvent({ id: "due", resource }));
  await flow.settle();
  flow.platform.hookAnswers.push({ status: 503 });
  await org.call("PUT", path, {
    headers: json,
    body: JSON.stringify({ endPoint: `${flow.platform.url}/hooks/arriving` }),
  });
  await flow.settle();

  for (const wait of [1_000, 10_000, 60_000]) {
    await flow.clock.advance(wait);
    await flow.settle();
  }

  expect(eventsAt("leaving").map(({ id }) => id)).toEqual(["due"]);
  expect(eventsAt("arriving").map(({ id }) => id)).toEqual(["due"]);
});

test("a test event goes to the end point at once, and its answer comes back", async () => {
  const path = await aSubscription("tested", newResource());
  flow.platform.hookAnswers.push({ status: 418 });

  const answer = await org.call("POST", `${path}/test`);

  expect(answer.json).toMatchObject({ status: 418, excerpt: "said the end point" });
  expect(eventsAt("tested")).toMatchObject([{ type: "platform.events.test" }]);
});

test("EV-D33: an explanation says which filter did not agree, and what the attempts met", async () => {
  const resource = newResource();
  const path = await aSubscription("explained", resource);
  await org.publish(anEvent({ id: "not a uuid", resource }));
  await flow.settle();
  await org.call("PUT", path, { headers: json, body: JSON.stringify({ typeFilter: "other" }) });
  await org.publish(anEvent({ id: "unwanted", resource }));
  await flow.settle();

  const delivered = await org.call("GET", `${path}/explain?event=not%20a%20uuid`);
  const unmatched = await org.call("GET", `${path}/explain?event=unwanted`);
  const unknown = await org.call("GET", `${path}/explain?event=unknown`);

  expect(delivered.json).toMatchObject({ outcome: "delivered", attempts: [{ status: 200 }] });
  expect(unmatched.json).toMatchObject({
    outcome: "not-matched",
    authorization: { now: { isPermitted: true } },
    filters: { resource: true, subject: true, type: false, source: true },
  });
  expect(unknown.json).toEqual({ outcome: "event-not-found" });
});

test("EV-D28: a redirect is a failure, and is not followed", async () => {
  const resource = newResource();
  await aSubscription("redirected", resource);
  const location = `${flow.platform.url}/hooks/elsewhere`;
  flow.platform.hookAnswers.push({ status: 302, headers: { location } });
  await org.publish(anEvent({ id: "r", resource }));
  await flow.settle();

  expect(eventsAt("elsewhere")).toEqual([]);
  expect(eventsAt("redirected")).toHaveLength(1);
});

test("EV-D30: why an end point did not validate is told", async () => {
  const name = "sulking";
  flow.platform.hookAnswers.push({ status: 401 });

  const path = await aSubscription(name, newResource());

  expect((await org.call("GET", path)).json).toMatchObject({
    validated: false,
    validationFailure: "The end point answered 401.",
  });
  await flow.clock.advance(1000);
  await flow.settle();
  const later = await org.call("GET", path);
  expect(later.json).toMatchObject({ validated: true });
  expect(later.json).not.toHaveProperty("validationFailure");
});

test("a rotated secret signs beside the old one", async () => {
  const resource = newResource();
  const path = await aSubscription("rotated", resource);

  const rotated = await org.call("POST", `${path}/secret`);
  await org.publish(anEvent({ resource }));
  await flow.settle();

  expect(rotated.json).toMatchObject({ secret: expect.stringMatching(/^whsec_/) as string });
  const hook = flow.platform.hooks.findLast(({ path: at }) => at === "/hooks/rotated");
  expect((hook?.headers["webhook-signature"] as string).split(" ")).toHaveLength(2);
});

test("an unchanged feed is 304, and a reader who prefers to wait is answered when something comes", async () => {
  const resource = newResource();
  const feed = `/events/api/v1/events?resource=${resource}&after=0`;
  const first = await org.call("GET", feed);
  const etag = first.headers.get("etag") ?? "";

  const unchanged = await org.call("GET", feed, { headers: { "if-none-match": etag } });
  const waiting = org.call("GET", feed, { headers: { prefer: "wait=20", "if-none-match": etag } });
  await org.publish(anEvent({ id: "news", resource }));
  await flow.settle();
  await flow.clock.advance(1000);
  const answer = await waiting;

  expect(unchanged).toMatchObject({ status: 304, text: "" });
  expect(answer).toMatchObject({ status: 200, json: [{ id: "news" }] });
});
