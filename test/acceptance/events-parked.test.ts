/** Nothing is lost while an end point is down or its subscription disabled, and its owner chooses what comes of it. */
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
});

const HOUR_IN_MS = 3_600_000;

const json = { "content-type": "application/json" };

interface Subscribed {
  readonly path: string;
  readonly resource: string;
  /** Ids of the events that the end point was told, in order. */
  readonly told: () => readonly string[];
}

async function aSubscription(wish: object = {}): Promise<Subscribed> {
  const name = crypto.randomUUID();
  const resource = `${RESOURCE}-${name.slice(0, 8)}`;
  const endPoint = `${flow.platform.url}/hooks/${name}`;
  const created = await org.subscribe({ resourceFilter: resource, endPoint, ...wish });
  await flow.settle();
  return {
    path: `/events/api/v1/subscriptions/${(created.json as { id: number }).id}`,
    resource,
    told: () =>
      flow.platform.hooks
        .filter(({ path, body }) => path === `/hooks/${name}` && !body.includes("validatesub"))
        .map(({ body }) => (JSON.parse(body) as { id: string }).id),
  };
}

async function publish(resource: string, events: readonly (readonly [string, string])[]) {
  const source = `https://example.com/${resource}`;
  for (const [id, subject] of events) await org.publish(anEvent({ id, resource, subject, source }));
  await flow.settle();
}

async function resume(path: string, replay?: string): Promise<number> {
  const body = replay === undefined ? "" : JSON.stringify({ replay });
  const { status } = await org.call("POST", `${path}/resume`, { headers: json, body });
  await flow.settle();
  return status;
}

/** Lets time pass, and what falls due meanwhile happen. */
async function days(count: number): Promise<void> {
  for (let hour = 0; hour < 24 * count; hour += 6) {
    await flow.clock.advance(6 * HOUR_IN_MS);
    await flow.settle();
  }
}

const statesOf = async (path: string): Promise<Readonly<Record<string, string>>> => {
  const log = await org.call("GET", `${path}/deliveries`);
  const { deliveries } = log.json as { deliveries: { eventId: string; state: string }[] };
  return Object.fromEntries(deliveries.map(({ eventId, state }) => [eventId, state]));
};

const three = [
  ["a1", "/party/1"],
  ["b1", "/party/2"],
  ["a2", "/party/1"],
] as const;

test("a paused subscription holds what it matches, and says how much", async () => {
  const { path, resource, told } = await aSubscription();
  const paused = await org.call("POST", `${path}/pause`);

  await publish(resource, three);

  expect(paused.json).toMatchObject({ parked: { reason: "paused" } });
  expect(told()).toEqual([]);
  expect((await org.call("GET", path)).json).toMatchObject({
    validated: true,
    parked: { reason: "paused" },
    held: 3,
  });
});

test.each([
  [undefined, ["a1", "a2", "b1"], { a1: "delivered", b1: "delivered", a2: "delivered" }],
  ["all", ["a1", "a2", "b1"], { a1: "delivered", b1: "delivered", a2: "delivered" }],
  ["latest", ["a2", "b1"], { a1: "skipped", b1: "delivered", a2: "delivered" }],
  ["skip", [], { a1: "skipped", b1: "skipped", a2: "skipped" }],
])("resumed with the choice %s, its owner gets just that, and what comes next", async (...row) => {
  const [choice, expected, states] = row;
  const { path, resource, told } = await aSubscription();
  await org.call("POST", `${path}/pause`);
  await publish(resource, three);

  expect(await resume(path, choice)).toBe(202);
  await publish(resource, [["c1", "/party/3"]]);

  expect([...told()].sort()).toEqual([...expected, "c1"]);
  expect(await statesOf(path)).toEqual({ ...states, c1: "delivered" });
});

test("an unknown choice is refused by name", async () => {
  const { path } = await aSubscription();

  const answer = await org.call("POST", `${path}/resume`, {
    headers: json,
    body: JSON.stringify({ replay: "some" }),
  });

  expect(answer).toMatchObject({ status: 400 });
  expect(answer.json).toHaveProperty(["errors", "$.replay"]);
});

test("a pause is its owner's alone", async () => {
  const { path } = await aSubscription();
  const stranger = await anActor(flow, { "urn:altinn:userid": 1 });

  expect((await stranger.call("POST", `${path}/pause`)).status).toBe(403);
  expect((await stranger.call("POST", `${path}/resume`)).status).toBe(403);
  expect((await stranger.call("POST", `${path}/redrive`)).status).toBe(403);
});

test("EV-D26: an end point that is gone gets nothing more, and all of it when it is back", async () => {
  const { path, resource, told } = await aSubscription();
  flow.platform.hookAnswers.push({ status: 410 });
  await publish(resource, [
    ["first", "/party/1"],
    ["second", "/party/1"],
  ]);
  expect(told()).toHaveLength(1);
  expect((await org.call("GET", path)).json).toMatchObject({ parked: { reason: "gone" }, held: 2 });

  await resume(path);

  expect([...told()].sort()).toEqual(["first", "first", "second"]);
  expect((await org.call("GET", path)).json).not.toHaveProperty("parked");
});

test("EV-D27: an end point that takes nothing for three days is parked, and nothing is lost", async () => {
  const { path, resource, told } = await aSubscription();
  flow.platform.hookAnswers.push(...Array.from({ length: 30 }, () => ({ status: 503 })));
  await publish(resource, [["down", "/party/1"]]);
  await days(7);
  flow.platform.hookAnswers.length = 0;
  const attempts = told().length;
  await publish(resource, [["later", "/party/2"]]);

  expect(attempts).toBe(16);
  expect(told()).toHaveLength(attempts);
  expect((await org.call("GET", path)).json).toMatchObject({
    parked: { reason: "failing" },
    held: 2,
  });
  await resume(path, "all");
  expect(await statesOf(path)).toEqual({ down: "delivered", later: "delivered" });
});

/** One event that is never taken while others are: it is given up, the subscription goes on. */
async function aDeadLetter(): Promise<Subscribed> {
  const subscribed = await aSubscription();
  const { resource } = subscribed;
  flow.platform.hookAnswers.push({ status: 400 });
  await publish(resource, [["dead", "/party/1"]]);
  await publish(resource, [["fine", "/party/2"]]);
  flow.platform.hookAnswers.push(...Array.from({ length: 30 }, () => ({ status: 400 })));
  await days(7);
  flow.platform.hookAnswers.length = 0;
  return subscribed;
}

test("EV-D27 EV-D31: an event that alone is not taken is given up, and one call tries it again", async () => {
  const { path, told } = await aDeadLetter();
  expect(await statesOf(path)).toEqual({ dead: "dead-lettered", fine: "delivered" });
  expect((await org.call("GET", path)).json).not.toHaveProperty("parked");
  const before = told().length;

  const answer = await org.call("POST", `${path}/redrive`);
  await flow.settle();

  expect(answer).toMatchObject({ status: 202, json: { count: 1 } });
  expect(told().slice(before)).toEqual(["dead"]);
  expect(await statesOf(path)).toEqual({ dead: "delivered", fine: "delivered" });
});

test("EV-D27: one dead letter by its key, or those of a time, are tried again", async () => {
  const { path } = await aDeadLetter();
  const log = await org.call("GET", `${path}/deliveries?state=dead-lettered`);
  const [dead] = (log.json as { deliveries: { key: string; registeredAt: string }[] }).deliveries;

  const tooLate = await org.call("POST", `${path}/redrive?from=2036-01-01T00:00:00Z`);
  const badRange = await org.call("POST", `${path}/redrive?from=yesterday`);
  const unknown = await org.call("POST", `${path}/redrive?key=unknown`);
  const inTime = await org.call("POST", `${path}/redrive?to=${dead?.registeredAt ?? ""}`);
  await flow.settle();
  const again = await org.call("POST", `${path}/redrive?key=${dead?.key ?? ""}`);

  expect(tooLate.json).toEqual({ count: 0 });
  expect(badRange.json).toHaveProperty(["errors", "from"]);
  expect(unknown.status).toBe(409);
  expect(inTime.json).toEqual({ count: 1 });
  expect(await statesOf(path)).toMatchObject({ dead: "delivered" });
  expect(again.status).toBe(409);
});

test("more than a page of held events is replayed at a hundred a second, each once", async () => {
  const { path, resource, told } = await aSubscription();
  await org.call("POST", `${path}/pause`);
  const batch = Array.from({ length: 110 }, (_, index) =>
    anEvent({ resource, subject: `/party/${index}` }),
  );
  await org.call("POST", "/events/api/v1/events", {
    headers: { "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify(batch),
  });
  await flow.settle();

  await resume(path, "all");
  const first = told().length;
  await flow.clock.advance(1000);
  await flow.settle();

  expect(first).toBe(100);
  expect(new Set(told()).size).toBe(110);
  expect(told()).toHaveLength(110);
}, 20_000);

test("what is matched while a new end point is asked goes to the new one", async () => {
  const { path, resource, told } = await aSubscription();
  const arriving = `${flow.platform.url}/hooks/${crypto.randomUUID()}`;
  flow.platform.hookAnswers.push({ status: 503 });
  await org.call("PUT", path, { headers: json, body: JSON.stringify({ endPoint: arriving }) });
  await publish(resource, [["meanwhile", "/party/1"]]);

  await flow.clock.advance(1000);
  await flow.settle();

  expect(told()).toEqual([]);
  expect(await statesOf(path)).toEqual({ meanwhile: "delivered" });
});
