/** Where subscribers are told: phones, e-mail, their own feed, and end points that are asked in the way of CloudEvents. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { PermanentFailure, RetryLater } from "../../functions/kernel/failures.ts";
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
  flow.platform.hookAnswers.length = 0;
  flow.notices.failures.length = 0;
  flow.platform.isPermitted = () => true;
});

const newResource = (): string => `${RESOURCE}-${crypto.randomUUID().slice(0, 8)}`;

const pathOf = (json: unknown): string =>
  `/events/api/v1/subscriptions/${(json as { id: number }).id}`;

const idsOf = (json: unknown): readonly string[] => (json as { id: string }[]).map(({ id }) => id);

const placedTo = (address: string) =>
  flow.notices.placed.filter((notice) => notice.address === address);

test.each([
  ["sms:+47 99 99 99 90", "sms:+4799999990", "+4799999990", "sms"],
  ["mailto:ola@example.com", "mailto:ola@example.com", "ola@example.com", "email"],
])("who gives %s is told of events by an order", async (endPoint, stored, address, channel) => {
  const resource = newResource();
  const user = await anActor(flow, userClaims);
  const created = await user.subscribe({ endPoint, resourceFilter: resource, subjectFilter: "/s" });
  await flow.settle();

  await org.publish(anEvent({ id: address, resource, subject: "/s" }));
  await flow.settle();
  await flow.replayChanges();

  expect(created).toMatchObject({ status: 201, json: { endPoint: stored } });
  expect((await user.call("GET", pathOf(created.json))).json).toMatchObject({ validated: true });
  expect(placedTo(address)).toMatchObject([{ channel, creator: "/user/20000490" }]);
  const log = await user.call("GET", `${pathOf(created.json)}/deliveries`);
  expect(log.json).toMatchObject({ deliveries: [{ eventId: address, state: "delivered" }] });
});

test("an order that cannot be placed now waits, and is placed once; what may not be known is not told", async () => {
  const resource = newResource();
  await org.subscribe({ endPoint: "sms:+4799999991", resourceFilter: resource });
  await flow.settle();
  flow.notices.failures.push(new RetryLater(60, "later"));
  await org.publish(anEvent({ id: "waits", resource }));
  await flow.settle();
  expect(placedTo("+4799999991")).toEqual([]);

  await flow.clock.advance(60_000);
  await flow.settle();
  flow.platform.isPermitted = (asked) => asked.get("urn:altinn:eventtype") !== "secret";
  await org.publish(anEvent({ id: "secret", resource, type: "secret" }));
  await flow.settle();

  expect(placedTo("+4799999991")).toHaveLength(1);
});

test("an order that can never be placed is a dead letter that its owner sees", async () => {
  const resource = newResource();
  const created = await org.subscribe({ endPoint: "sms:+4799999992", resourceFilter: resource });
  await flow.settle();
  flow.notices.failures.push(new PermanentFailure("invalid-recipient", "No such number"));
  await org.publish(anEvent({ id: "never", resource }));
  await flow.settle();

  const log = await org.call("GET", `${pathOf(created.json)}/deliveries?state=dead-lettered`);
  expect(log.json).toMatchObject({ count: 1, deliveries: [{ eventId: "never" }] });
});

test.each(["sms:99999990", "mailto:nobody", "mailto:a@example.com?cc=b@example.com", "tel:1"])(
  "%s is no end point",
  async (endPoint) => {
    expect(await org.subscribe({ endPoint })).toMatchObject({
      status: 400,
      json: "Missing or invalid endpoint to push events towards",
    });
  },
);

test("a test event to a phone becomes an order, one to an address that must not be called says why", async () => {
  const phone = await org.subscribe({
    endPoint: "sms:+4799999993",
    resourceFilter: newResource(),
  });
  const private_ = await org.subscribe({ endPoint: "https://169.254.169.254/latest" });

  const placed = await org.call("POST", `${pathOf(phone.json)}/test`);
  const refused = await org.call("POST", `${pathOf(private_.json)}/test`);

  expect(placed).toMatchObject({
    status: 200,
    json: { reason: "A notification order was placed." },
  });
  expect(placedTo("+4799999993")).toHaveLength(1);
  expect(refused).toMatchObject({ status: 200, json: { kind: "no-answer" } });
});

const optionsOf = (name: string) =>
  flow.platform.hooks.filter(({ method, path }) => method === "OPTIONS" && path.endsWith(name));

test("an end point can be asked by OPTIONS, before it is told anything", async () => {
  const resource = newResource();
  const origin = { "webhook-allowed-origin": "127.0.0.1:7071", "webhook-allowed-rate": "60" };
  flow.platform.hookAnswers.push({ status: 200, headers: origin });
  const endPoint = `${flow.platform.url}/hooks/polite`;
  const created = await org.subscribe({ endPoint, resourceFilter: resource, handshake: "options" });
  await flow.settle();

  const one = await org.call("GET", pathOf(created.json));
  expect(one.json).toMatchObject({ validated: true, handshake: "options" });
  expect(optionsOf("polite")).toMatchObject([
    { headers: { "webhook-request-origin": "127.0.0.1:7071" }, body: "" },
  ]);
  expect(flow.platform.hooks.filter(({ path }) => path.endsWith("polite"))).toHaveLength(1);
});

test("the rate that an end point allows is kept: what comes too early waits, and is no attempt", async () => {
  const resource = newResource();
  const headers = { "webhook-allowed-origin": "*", "webhook-allowed-rate": "6" };
  flow.platform.hookAnswers.push({ status: 204, headers });
  const endPoint = `${flow.platform.url}/hooks/slowly`;
  await org.subscribe({ endPoint, resourceFilter: resource, handshake: "options" });
  await flow.settle();
  for (const id of ["one", "two"]) await org.publish(anEvent({ id, resource }));
  await flow.settle();
  const told = () =>
    flow.platform.hooks.filter(({ path, method }) => path.endsWith("slowly") && method === "POST");
  expect(told()).toHaveLength(1);

  await flow.clock.advance(10_000);
  await flow.settle();

  expect(told().map(({ headers: it }) => it["budstikke-attempt"])).toEqual(["1", "1"]);
});

test("EV-D30 EV-D48: an end point that does not consent by OPTIONS stays unvalidated, and its owner reads why", async () => {
  flow.platform.hookAnswers.push({ status: 200 });
  const endPoint = `${flow.platform.url}/hooks/victim`;
  const created = await org.subscribe({
    endPoint,
    resourceFilter: newResource(),
    handshake: "options",
  });
  await flow.settle();

  expect((await org.call("GET", pathOf(created.json))).json).toMatchObject({
    validated: false,
    validationFailure: "The end point answered OPTIONS without WebHook-Allowed-Origin.",
  });
});

test("an own feed keeps the order of each subject, and has an event once, however many subscriptions match it", async () => {
  const resource = newResource();
  const user = await anActor(flow, { ...userClaims, "urn:altinn:userid": 31 });
  for (const typeFilters of [["letter.*"], ["letter.sent"]]) {
    await user.subscribe({ endPoint: "feed:", resourceFilter: resource, typeFilters });
  }
  await flow.settle();
  for (let index = 1; index <= 20; index++) {
    const subject = `/party/${index % 2}`;
    await org.publish(anEvent({ id: `f${index}`, resource, subject }));
  }
  await flow.settle();
  await flow.replayChanges();

  const ids = idsOf((await user.call("GET", "/events/api/v1/subscriptions/feed")).json);

  expect(ids).toHaveLength(20);
  const numbers = ids.map((id) => Number(id.slice(1)));
  for (const parity of [0, 1]) {
    const ofOne = numbers.filter((number) => number % 2 === parity);
    expect(ofOne).toEqual(ofOne.toSorted((one, other) => one - other));
  }
});

test("what may not be known any more is not in an own feed either", async () => {
  const resource = newResource();
  const user = await anActor(flow, { ...userClaims, "urn:altinn:userid": 32 });
  await user.subscribe({ endPoint: "feed:", resourceFilter: resource });
  await flow.settle();
  await org.publish(anEvent({ id: "revoked", resource }));
  await flow.settle();
  flow.platform.isPermitted = () => false;

  const feed = await user.call("GET", "/events/api/v1/subscriptions/feed");

  expect(feed).toMatchObject({ status: 200, json: [] });
  expect(feed.headers.get("next")).toContain("after=");
});
