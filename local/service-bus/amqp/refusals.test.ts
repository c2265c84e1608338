import rhea from "rhea";
import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../virtual-clock.ts";
import { startTestBus } from "../test-bus.ts";
import { connectRaw, type RawClient, sign } from "./raw-client.ts";

const now = Date.UTC(2026, 0, 1);
const later = { expiresAt: now + 60_000 };

async function startRaw(): Promise<{ client: RawClient; active: () => number }> {
  const { bus } = await startTestBus({}, { clientClock: createVirtualClock(now) });
  return { client: connectRaw(bus.port), active: () => bus.counts("jobs").active };
}

async function authorized(): Promise<{ client: RawClient; active: () => number }> {
  const raw = await startRaw();
  await raw.client.putToken("", sign("", later));
  return raw;
}

describe("tokens", () => {
  test.each([
    ["another key", sign("jobs", { ...later, key: "other" }), "InvalidSignature"],
    ["another key name", sign("jobs", { ...later, keyName: "other" }), "InvalidSignature"],
    ["an expired token", sign("jobs", { expiresAt: now }), "ExpiredToken"],
    ["a token of another kind", "eyJhbGciOiJub25lIn0.e30.", "shared access signatures only"],
    ["an altered expiry", sign("jobs", later).replace(/se=\d+/, "se=9999999999"), "Invalid"],
    ["nonsense", "SharedAccessSignature %E0%A4%A", "InvalidSignature"],
    ["a broken signature", "SharedAccessSignature sr=a&sig=%E0%A4%A&se=1&skn=b", "Invalid"],
    ["a token for another entity", sign("other", later), "another entity"],
  ])("%s: refused", async (_what, token, reason) => {
    const { client } = await startRaw();

    const answer = await client.putToken("jobs", token);

    expect(answer.application_properties).toMatchObject({ "status-code": 401 });
    expect(String(answer.application_properties?.["status-description"])).toContain(reason);
  });

  test("a link needs a token for its entity, or for what is above it", async () => {
    const { client } = await startRaw();

    const before = await client.refusalOf(client.connection.open_receiver("jobs"));
    await client.putToken("jobs", sign("jobs", later));
    const other = await client.refusalOf(client.connection.open_sender("jobs2"));
    const answer = await client.ask("jobs", "com.microsoft:peek-message", {
      "from-sequence-number": 1,
      "message-count": 1,
    });

    expect(before).toMatchObject({ condition: "amqp:unauthorized-access" });
    expect(other).toMatchObject({ condition: "amqp:unauthorized-access" });
    expect(answer.application_properties).toMatchObject({ statusCode: 204 });
  });
});

describe("what is not there is refused by name", () => {
  test("an unknown operation of a management node", async () => {
    const { client } = await authorized();

    const answer = await client.ask("jobs", "com.microsoft:add-rule", {});

    expect(answer.application_properties).toMatchObject({
      statusCode: 501,
      errorCondition: "amqp:not-implemented",
      statusDescription:
        "The operation 'com.microsoft:add-rule' is not supported by the local emulator",
    });
  });

  test("a disposition of another kind", async () => {
    const { client } = await authorized();

    const answer = await client.ask("jobs", "com.microsoft:update-disposition", {
      "disposition-status": "renewed",
      "lock-tokens": [],
    });

    expect(answer.application_properties).toMatchObject({ statusCode: 501 });
  });

  test("a request without what it needs", async () => {
    const { client } = await authorized();

    const answer = await client.ask("jobs", "com.microsoft:schedule-message", {});

    expect(answer.application_properties).toMatchObject({
      statusCode: 400,
      statusDescription: "The request has no messages.",
    });
  });

  test("a transaction", async () => {
    const { client } = await authorized();

    const refusal = await client.refusalOf(client.connection.open_sender({ target: {} }));

    expect(refusal).toMatchObject({
      condition: "amqp:not-implemented",
      description: "A transaction is not supported by the local emulator",
    });
  });

  test("sending to a dead-letter queue", async () => {
    const { client } = await authorized();

    const link = client.connection.open_sender("jobs/$DeadLetterQueue");

    expect(await client.refusalOf(link)).toMatchObject({ condition: "amqp:not-implemented" });
  });
});

describe("malformed messages", () => {
  const batchFormat = 0x80013700;

  test.each([
    ["another format", Buffer.from([1]), 77, "amqp:not-implemented"],
    [
      "a batch of no messages",
      rhea.message.encode({ body: "text" }),
      batchFormat,
      "amqp:decode-error",
    ],
    [
      "a batch with one message that is none",
      rhea.message.encode({
        body: rhea.message.data_sections([
          rhea.message.encode({ message_id: "m", body: "fine" }),
          Buffer.from([0xff, 0x00]),
        ]) as unknown,
      }),
      batchFormat,
      "amqp:decode-error",
    ],
  ])("%s: refused as a whole", async (_what, bytes, format, condition) => {
    const { client, active } = await authorized();

    const error = await client.sendBytes("jobs", bytes, format);

    expect(error).toMatchObject({ condition });
    expect(active()).toBe(0);
  });
});
