/** Event Grid's end point, as its documentation says what it answers. */
import { describe, expect, test } from "vitest";
import { startTestHost } from "../test-host.ts";

const KEY = "event-grid-key";
const address = `/runtime/webhooks/EventGrid?functionName=Report&code=${KEY}`;

/** A host whose function `Report` notes its events and fails for those that say so. */
async function startReporting(cardinality: "one" | "many" = "one") {
  const events: unknown[] = [];
  const metadata: unknown[] = [];
  const { call, logged } = await startTestHost(
    (app) => {
      app.eventGrid("Report", {
        ...(cardinality === "many" && { cardinality }),
        handler: (event, context) => {
          events.push(event);
          metadata.push(context.triggerMetadata);
          if (event.data?.["fail"] === true) throw new Error("failed");
        },
      });
      app.timer("Tick", { schedule: "0 0 * * * *", handler: () => undefined });
    },
    { keys: { system: { eventgrid_extension: KEY } } },
  );
  const post = (type: string | undefined, body: unknown, to = address): Promise<Response> =>
    call(to, {
      method: "POST",
      headers: type === undefined ? {} : { "aeg-event-type": type },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return { call, post, events, metadata, logged };
}

const eventOf = (id: string, data: object = {}) => ({
  id,
  eventType: "Test.Event",
  subject: "s",
  eventTime: "2026-01-05T11:00:00Z",
  dataVersion: "1.0",
  data,
});

const cloudEventOf = (id: string, data: object = {}) => ({
  specversion: "1.0",
  id,
  type: "test.event",
  source: "/test",
  data,
});

describe("notifications", () => {
  test("each event of a request is an invocation of its own", async () => {
    const { post, events } = await startReporting();

    const answer = await post("Notification", [eventOf("1"), eventOf("2")]);

    expect(answer.status).toBe(202);
    expect(events).toEqual([eventOf("1"), eventOf("2")]);
  });

  test("one CloudEvent comes without an array", async () => {
    const { post, events } = await startReporting();

    const answer = await post("Notification", cloudEventOf("1"));

    expect([answer.status, events]).toEqual([202, [cloudEventOf("1")]]);
  });

  test("a function that wants many gets all of them at once", async () => {
    const { post, events } = await startReporting("many");

    const answer = await post("Notification", [eventOf("1"), eventOf("2")]);

    expect([answer.status, events]).toEqual([202, [[eventOf("1"), eventOf("2")]]]);
  });

  test("one failure fails the request, so that Event Grid sends all of it again", async () => {
    const { post, events } = await startReporting();

    const answer = await post("Notification", [eventOf("1"), eventOf("2", { fail: true })]);

    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe("Exception while executing function: Functions.Report");
    expect(events).toHaveLength(2);
  });

  test("the data are metadata too, the first letters of their keys lower-cased", async () => {
    const { post, metadata } = await startReporting();

    await post("Notification", [eventOf("1", { MessageId: "m", Inner: { Status: "Delivered" } })]);

    expect(metadata).toEqual([{ data: { messageId: "m", inner: { status: "Delivered" } } }]);
  });
});

describe("handshakes", () => {
  test.each([
    ["an Event Grid event", [eventOf("1", { validationCode: "c0de" })]],
    ["a CloudEvent with its data as text", { data: JSON.stringify({ validationCode: "c0de" }) }],
  ])("%s is answered with its code, and no function is woken", async (_, body) => {
    const { post, events } = await startReporting();

    const answer = await post("SubscriptionValidation", body);

    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ validationResponse: "c0de" });
    expect(events).toEqual([]);
  });

  test.each([
    ["no code", [eventOf("1")]],
    ["data that are no JSON", { data: "{" }],
    ["no event", []],
  ])("%s is 400", async (_, body) => {
    const { post } = await startReporting();

    expect((await post("SubscriptionValidation", body)).status).toBe(400);
  });

  test("the sender that asks first is allowed", async () => {
    const { call } = await startReporting();

    const answer = await call(address, {
      method: "OPTIONS",
      headers: { "webhook-request-origin": "eventgrid.azure.net" },
    });

    expect(answer.status).toBe(200);
    expect(answer.headers.get("webhook-allowed-origin")).toBe("eventgrid.azure.net");
  });

  test.each(["SubscriptionDeletion", "Unsubscribe"])("%s is taken note of", async (type) => {
    const { post } = await startReporting();

    expect((await post(type, "")).status).toBe(202);
  });
});

describe("refusals", () => {
  test.each([
    ["no key", "/runtime/webhooks/eventgrid?functionName=Report", 401, ""],
    ["a wrong key", "/runtime/webhooks/eventgrid?functionName=Report&code=x", 401, ""],
    [
      "an unknown function",
      `/runtime/webhooks/eventgrid?functionName=None&code=${KEY}`,
      404,
      "cannot find function: 'None'",
    ],
    [
      "a function of another kind",
      `/runtime/webhooks/eventgrid?functionName=Tick&code=${KEY}`,
      404,
      "cannot find function: 'Tick'",
    ],
  ])("%s", async (_, to, status, text) => {
    const { post, events } = await startReporting();

    const answer = await post("Notification", [eventOf("1")], to);

    expect([answer.status, await answer.text(), events]).toEqual([status, text, []]);
  });

  test("a request that does not say what it is, or is no JSON, is 400", async () => {
    const { post } = await startReporting();

    const answers = [
      await post(undefined, [eventOf("1")]),
      await post("Else", [eventOf("1")]),
      await post("Notification", "{"),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
  });
});
