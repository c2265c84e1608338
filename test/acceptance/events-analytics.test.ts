/** Analytics of an app from its process events, on the real SDKs. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EventFlow, startEventFlow } from "../support/event-flow.ts";
import {
  type Actor,
  anActor,
  anAppEvent,
  orgClaims,
  userClaims,
} from "../support/events-builders.ts";

let flow: EventFlow;
let org: Actor;

beforeAll(async () => {
  flow = await startEventFlow();
  org = await anActor(flow);
});

afterAll(() => flow.stop());

const PATH = "/events/api/v1/analytics/ttd/apps-test";
const MINUTE = 60_000;

async function anInstance(minutesInTask: number): Promise<void> {
  const source = `https://ttd.apps.altinn.no/ttd/apps-test/instances/1/${crypto.randomUUID()}`;
  const tell = (type: string) => org.publishApp(anAppEvent({ type, source, subject: "/party/1" }));
  await tell("app.instance.created");
  await tell("app.instance.process.movedTo.Task_1");
  await flow.clock.advance(minutesInTask * MINUTE);
  await tell("app.instance.process.movedTo.Task_2");
  await flow.clock.advance(MINUTE);
  await tell("app.instance.process.completed");
}

const near = (seconds: number): unknown => expect.closeTo(seconds, -Math.log10(seconds * 0.06));

test("instances created per day and durations of tasks are counted once, however often changes come", async () => {
  await anInstance(10);
  await anInstance(20);
  await flow.settle();
  await flow.replayChanges();

  const { status, json } = await org.call("GET", PATH);

  expect(status).toBe(200);
  expect(json).toMatchObject({
    org: "ttd",
    app: "apps-test",
    created: 2,
    createdPerDay: [{ day: "2026-01-05", count: 2 }],
    tasks: [
      { task: "Task_1", count: 2, p50InSeconds: near(600), p99InSeconds: near(1200) },
      { task: "Task_2", count: 2, p50InSeconds: near(60), p90InSeconds: near(60) },
    ],
  });
});

test("counting again from the store changes nothing that is right, and makes good what was lost", async () => {
  const before = (await org.call("GET", PATH)).json;
  const ledgers = flow.cosmos.database.container("ledgers");
  const backfill = async (): Promise<void> => {
    for (let path = `${PATH}/backfill`; ;) {
      const { next } = (await org.call("POST", path)).json as { next?: string };
      if (next === undefined) return;
      path = `${PATH}/backfill?after=${next}`;
    }
  };

  await backfill();
  const repeated = (await org.call("GET", PATH)).json;
  const { resources } = await ledgers.items
    .query<{ id: string; ledger: string }>("SELECT c.id, c.ledger FROM c")
    .fetchAll();
  for (const { id, ledger } of resources) await ledgers.item(id, ledger).delete();
  const lost = (await org.call("GET", PATH)).json;
  await backfill();

  expect(repeated).toEqual(before);
  expect(lost).toMatchObject({ created: 0, tasks: [] });
  expect((await org.call("GET", PATH)).json).toEqual(before);
});

test("analytics are for the app's owner", async () => {
  const user = await anActor(flow, userClaims);
  const other = await anActor(flow, { ...orgClaims, "urn:altinn:org": "skd" });

  const statuses = await Promise.all(
    [user, other].map(async (actor) => (await actor.call("GET", PATH)).status),
  );

  expect(statuses).toEqual([403, 403]);
});

test.each([
  ["from=2026-02-30", "from"],
  ["from=2026-01-02&to=2026-01-01", "to"],
  ["from=2020-01-01&to=2026-01-01", "from"],
])("days that are none, or too many, are 400: %s", async (query, name) => {
  const answer = await org.call("GET", `${PATH}?${query}`);

  expect(answer.status).toBe(400);
  expect(answer.json).toHaveProperty(`errors.${name}`);
});
