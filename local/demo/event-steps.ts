/** The demo's first half: subscribe, publish, be told, read. */
import type { DemoAnswer, DemoClient } from "./client.ts";
import { type TimeLine, until } from "./time-line.ts";

const EVENTS = "/events/api/v1";
const RESOURCE = "urn:altinn:resource:ttd-letters";

interface HookCalls {
  readonly calls: readonly { readonly body: unknown }[];
}

interface Item {
  readonly id: string;
}

const mustBe =
  (...statuses: readonly number[]) =>
  ({ status, body }: DemoAnswer): string | undefined =>
    statuses.includes(status) ? undefined : `The answer is ${status}: ${JSON.stringify(body)}`;

const anEvent = (id: string): object => ({
  specversion: "1.0",
  id,
  type: "letter.sent",
  source: "https://example.com/letters",
  resource: RESOURCE,
  subject: "/party/50000001",
  data: { title: "A letter" },
});

async function subscribe(line: TimeLine, client: DemoClient, run: string): Promise<void> {
  const created = await line.step(
    "subscribe a webhook to letters",
    () =>
      client.call("POST", `${EVENTS}/subscriptions`, {
        endPoint: `${client.inbox}/hooks/${run}`,
        resourceFilter: RESOURCE,
      }),
    mustBe(200, 201),
  );
  const { id } = (created?.body ?? {}) as { id?: number };
  await line.step(
    "the end point is validated",
    () =>
      until(
        () => client.call("GET", `${EVENTS}/subscriptions/${id ?? 0}`),
        ({ body }) => (body as { validated?: boolean }).validated === true,
      ),
    ({ body }) =>
      (body as { validated?: boolean }).validated === true ? undefined : JSON.stringify(body),
  );
}

const publish = (line: TimeLine, client: DemoClient, id: string, title: string) =>
  line.step(
    title,
    () => client.call("POST", `${EVENTS}/events`, anEvent(id), "application/cloudevents+json"),
    mustBe(200),
  );

/** How often the webhook was called with an event. */
async function countPushes(client: DemoClient, run: string, id: string): Promise<number> {
  const { calls } = (await client.fromInbox(`/hooks?name=${run}`, 0)) as HookCalls;
  return calls.filter(({ body }) => JSON.stringify(body).includes(id)).length;
}

async function readFeed(client: DemoClient, id: string): Promise<readonly Item[]> {
  let path = `${EVENTS}/events?resource=${RESOURCE}&after=0&size=1000`;
  const found: Item[] = [];
  for (;;) {
    const { body, headers } = await client.call("GET", path);
    const items = body as readonly Item[];
    found.push(...items.filter((item) => item.id === id));
    const next = headers.get("next");
    if (items.length === 0 || next === null) return found;
    path = next.replace(client.host, "");
  }
}

async function publishApp(line: TimeLine, client: DemoClient, run: string): Promise<void> {
  const design = {
    id: `${run}-design`,
    source: `/ttd/apps-test/50000001/${run}`,
    specversion: "1.0",
    type: "instance.created",
    subject: "party/50000001",
    data: { key: "value" },
  };
  await line.step(
    "publish an event as the design document has it",
    () => client.call("POST", "/events", design, "application/json"),
    mustBe(200, 201),
  );
}

/** @param run names this run, so that a stack can be shown more than once */
export async function showEvents(line: TimeLine, client: DemoClient, run: string): Promise<void> {
  const id = `${run}-letter`;
  await subscribe(line, client, run);
  await publish(line, client, id, "publish an event about a party");
  await line.step(
    "the webhook has it",
    () =>
      until(
        () => countPushes(client, run, id),
        (count) => count > 0,
      ),
    (count) => (count === 1 ? undefined : `It was called ${count} times`),
  );
  await line.step(
    "the feed of letters has it",
    () =>
      until(
        () => readFeed(client, id),
        (found) => found.length > 0,
      ),
    (found) => (found.length === 1 ? undefined : `It is there ${found.length} times`),
  );
  await publish(line, client, id, "publish the same event again");
  await publishApp(line, client, run);
  await line.step(
    "the repeated event was pushed once",
    () => countPushes(client, run, id),
    (count) => (count === 1 ? undefined : `It was pushed ${count} times`),
  );
}

/** A mailbox that is told of events; a phone would be told alike, by day. */
export async function showNotices(line: TimeLine, client: DemoClient, run: string): Promise<void> {
  const type = `letter.${run}`;
  const mailbox = `${run}-notice@example.com`;
  await line.step(
    "subscribe a mailbox to a kind of letter",
    () =>
      client.call("POST", `${EVENTS}/subscriptions`, {
        endPoint: `mailto:${mailbox}`,
        resourceFilter: RESOURCE,
        typeFilter: type,
      }),
    mustBe(200, 201),
  );
  const event = { ...anEvent(`${run}-notice`), type };
  await line.step(
    "publish such a letter",
    () => client.call("POST", `${EVENTS}/events`, event, "application/cloudevents+json"),
    mustBe(200),
  );
  await line.step(
    "the mailbox is told",
    () =>
      until(
        () => client.fromInbox(`/messages?to=${mailbox}`, 1),
        (found) => JSON.stringify(found).includes(type),
      ),
    (found) => (JSON.stringify(found).includes(type) ? undefined : "No e-mail came"),
  );
}
