/** A party is forgotten by one call; whoever reads on sees neither it nor a gap. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import { type Actor, anActor, anEvent, orgClaims, RESOURCE } from "../support/events-builders.ts";

const BASE = "http://127.0.0.1:7071";

let flow: EventFlow;
let org: Actor;
let eraser: Actor;

beforeAll(async () => {
  flow = await startEventFlow();
  org = await anActor(flow);
  eraser = await anActor(flow, { ...orgClaims, scope: "altinn:events.erase" });
});

afterAll(() => flow.stop());

const newResource = (): string => `${RESOURCE}-${crypto.randomUUID().slice(0, 8)}`;
const idsOf = (json: unknown): readonly string[] => (json as { id: string }[]).map(({ id }) => id);
const feedPath = (resource: string, after = "0", size = 50): string =>
  `/events/api/v1/events?resource=${resource}&after=${after}&size=${size}`;
const erase = (subject: string, headers = {}) =>
  eraser.call("DELETE", `/events/api/v1/parties/${subject}`, { headers });

/** Everything in the database that mentions a text. */
async function mentions(text: string): Promise<readonly string[]> {
  const found = await Promise.all(
    ["events", "feeds", "deliveries", "parked-changes"].map(async (name) => {
      const { resources } = await flow.cosmos.database
        .container(name)
        .items.query<{ id: string }>("SELECT * FROM c")
        .fetchAll();
      return resources
        .filter((document) => JSON.stringify(document).includes(text))
        .map(({ id }) => `${name}/${id}`);
    }),
  );
  return found.flat();
}

test("erasing a party removes its events, its feed items and its deliveries, and leaves the others", async () => {
  const resource = newResource();
  const endPoint = `${flow.platform.url}/hooks/erased`;
  await org.subscribe({ resourceFilter: resource, endPoint });
  await org.subscribe({ resourceFilter: resource, endPoint: "feed:" });
  await flow.settle();
  for (const [id, party] of [
    ["a1", "31337001"],
    ["b1", "31337002"],
    ["a2", "31337001"],
    ["b2", "31337002"],
  ]) {
    await org.publish(anEvent({ id, resource, subject: `/party/${party ?? ""}` }));
  }
  await flow.settle();

  const answer = await erase("party:31337001");
  const repeated = await erase("%2Fparty%2F31337001");

  expect(answer).toMatchObject({
    status: 200,
    json: { events: 2, feedEntries: 4, deliveries: 4 },
  });
  expect(repeated.json).toEqual({ events: 0, feedEntries: 0, deliveries: 0 });
  expect(await mentions("31337001")).toEqual(["events/~head"]);
  expect(idsOf((await org.call("GET", feedPath(resource))).json)).toEqual(["b1", "b2"]);
  const own = await org.call("GET", "/events/api/v1/subscriptions/feed?after=0");
  expect(idsOf(own.json)).toEqual(["b1", "b2"]);
});

test("a reader in the middle of a feed passes over what was erased; one of the party's own events is told", async () => {
  const resource = newResource();
  const subject = "/party/31337003";
  for (const id of ["r1", "r2", "r3", "r4"]) {
    await org.publish(anEvent({ id, resource, subject: id === "r4" ? "/party/1" : subject }));
  }
  await flow.settle();
  const first = await org.call("GET", feedPath(resource, "0", 1));
  const party = `${feedPath(resource, "0", 1)}&subject=${subject}`;
  const firstOfParty = await org.call("GET", party);
  const follow = (answer: { headers: Headers }) =>
    org.call("GET", (answer.headers.get("next") ?? "").slice(BASE.length));

  await erase("party:31337003");
  await org.publish(anEvent({ id: "r5", resource, subject }));
  await flow.settle();

  const [rest, ofParty] = [await follow(first), await follow(firstOfParty)];
  expect(idsOf(rest.json)).toEqual(["r4"]);
  expect(idsOf((await follow(rest)).json)).toEqual(["r5"]);
  expect(ofParty).toMatchObject({ status: 410, json: { code: "cursor-expired" } });
  const { oldestCursor } = ofParty.json as { oldestCursor: string };
  const again = await org.call("GET", `${feedPath(resource, oldestCursor)}&subject=${subject}`);
  expect(idsOf(again.json)).toEqual(["r5"]);
});

test("what is left of an erased party is gone with the last cursor", async () => {
  await org.publish(anEvent({ subject: "/party/31337004" }));
  await flow.settle();
  await erase("party:31337004");

  await flow.clock.advance(101 * 24 * 3600 * 1000);

  expect(await mentions("31337004")).toEqual([]);
});

test("a person is named by header, never in the address, and is erased under every name", async () => {
  const number = "07124912037";
  await org.publish(anEvent({ subject: `urn:altinn:person:identifier-no:${number}` }));
  await org.publish(
    anEvent({ subject: "/party/50019855", alternativesubject: `/person/${number}` }),
  );
  await flow.settle();

  const wrong = [
    await erase(`urn:altinn:person:identifier-no:${number}`),
    await erase("person"),
    await erase("party:1", { person: number }),
  ];
  const right = await erase("person", { person: number });

  expect(wrong.map(({ status }) => status)).toEqual([400, 400, 400]);
  expect(right).toMatchObject({ status: 200, json: { events: 2 } });
  expect((await mentions(number)).filter((it) => !it.endsWith("~head"))).toEqual([]);
  expect(flow.logged.join("\n")).not.toContain(number);
});

test("erasing needs a scope of its own", async () => {
  const answer = await org.call("DELETE", "/events/api/v1/parties/party:1");

  expect(answer).toMatchObject({ status: 403, text: "" });
});
