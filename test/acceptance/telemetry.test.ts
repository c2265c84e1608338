/** One trace of an event that ends as an SMS, and the figures, as the local stack shows them. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StoredSpan } from "../../local/telemetry/span-store.ts";
import { startTestStack, type TestStack } from "../support/stack.ts";

const resource = "urn:altinn:resource:ttd-letters";
const subject = "/party/50000001";
const number = "+4799999991";
const traceId = randomUUID().replaceAll("-", "");

let stack: TestStack;

beforeAll(async () => {
  // Whatever the hour: SMS of subscriptions are sent by day.
  stack = await startTestStack({
    settings: { SMS_WINDOW_START_HOUR: "0", SMS_WINDOW_END_HOUR: "24" },
  });
}, 60_000);

afterAll(() => stack.stop());

async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const authorization = `Bearer ${await stack.platform.bearer({
    "urn:altinn:org": "ttd",
    scope: "altinn:events.publish altinn:events.subscribe",
  })}`;
  const response = await fetch(`${stack.host.url}${path}`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

/** Looks again and again: the change feed and the queues have their own pace. */
async function eventually<Value>(
  look: () => Value | Promise<Value>,
  isThere: (it: Value) => boolean,
) {
  for (let tries = 0; tries < 300; tries++) {
    const value = await look();
    if (isThere(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return look();
}

const namesOf = (spans: readonly StoredSpan[]): string[] => spans.map(({ name }) => name);

test("one trace shows an event that ends as an SMS, from the POST to the delivery report", async () => {
  const created = await post("/events/api/v1/subscriptions", {
    endPoint: `sms:${number}`,
    resourceFilter: resource,
    subjectFilter: subject,
  });
  expect(created).toMatchObject({ status: 201 });
  await eventually(
    () => stack.telemetry.traces(),
    (traces) =>
      traces.some(({ name, spanCount }) => name === "CreateSubscription" && spanCount > 1),
  );

  const published = await post(
    "/events/api/v1/events",
    {
      specversion: "1.0",
      id: randomUUID(),
      type: "letter.sent",
      source: "https://example.com/letters/1",
      resource,
      subject,
    },
    {
      "content-type": "application/cloudevents+json",
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    },
  );
  expect(published).toMatchObject({ status: 200 });

  const steps = [
    "AcceptEvent",
    "project-events",
    "fan-out-event",
    "PushEvent",
    "follow-orders",
    "SendSms",
    "POST sms-gateway",
    "RecordSmsDelivery",
    "publish-status",
  ];
  const spans = await eventually(
    () => stack.telemetry.spansOf(traceId),
    (found) => steps.every((step) => namesOf(found).includes(step)),
  );
  expect(namesOf(spans)).toEqual(expect.arrayContaining(steps));
  expect(spans.filter(({ failure }) => failure !== undefined)).toEqual([]);

  const idsOf = (name: string) => spans.filter((it) => it.name === name).map((it) => it.spanId);
  const parentOf = (name: string) => spans.find((it) => it.name === name)?.parentId;
  expect(idsOf("AcceptEvent")).toContain(parentOf("PushEvent"));
  expect(idsOf("SendSms")).toContain(parentOf("POST sms-gateway"));
  expect(stack.inbox.messages()).toMatchObject([{ to: [number.slice(1)] }]);
}, 60_000);

test("the page shows the trace as a waterfall, the JSON the same spans", async () => {
  const read = async () => {
    const answer = await fetch(`${stack.telemetry.url}/traces/${traceId}`);
    const page = { headers: answer.headers, html: await answer.text() };
    const json = await fetch(`${stack.telemetry.url}/api/traces/${traceId}`);
    return { page, json: (await json.json()) as { readonly spans: readonly StoredSpan[] } };
  };
  // The trace may still grow: both are read until they tell of the same moment.
  let { page, json } = await read();
  while ((page.html.match(/<svg/g) ?? []).length !== json.spans.length)
    ({ page, json } = await read());
  const { html } = page;

  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(html).toContain("RecordSmsDelivery");
  expect(html.match(/<svg/g)).toHaveLength(json.spans.length);
});

test("no span names a party, a phone number or an address", () => {
  const everything = JSON.stringify(
    stack.telemetry.traces().flatMap((it) => stack.telemetry.spansOf(it.traceId)),
  );

  expect(everything).not.toContain(number);
  expect(everything).not.toContain(number.slice(3));
  expect(everything).not.toContain("50000001");
});

test("accepted, attempts, lag, latency and request units are measured", async () => {
  const figures = await stack.telemetry.figures();
  const of = (name: string) => figures.filter((it) => it.name === name);

  expect(of("budstikke.accepted")).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ attributes: { kind: "event" }, value: 1 }),
      expect.objectContaining({ attributes: { kind: "order" }, value: 1 }),
    ]),
  );
  expect(of("budstikke.attempts")).toContainEqual(
    expect.objectContaining({ attributes: { step: "send-sms", outcome: "accepted" }, value: 1 }),
  );
  expect(of("budstikke.projection.lag")[0]?.spread?.count).toBeGreaterThan(0);
  expect(of("budstikke.push.latency")[0]?.spread?.count).toBeGreaterThan(0);
  const ru = of("budstikke.request-units");
  expect(ru.map(({ attributes }) => attributes["container"])).toContain("events");
  expect(ru.every(({ value }) => value > 0)).toBe(true);
});
