/** A creator who gives an address is told there that an order came to its end: signed, again until it is heard, once. */
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aFutureOrder, anEmail } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

const BASE = "/notifications/api/v1";
const HOUR = 3_600_000;
const FORMER_KEY = "former-callback-key-that-is-no-secret-at-all";

let flow: NotificationFlow;
let count = 0;

beforeAll(async () => {
  flow = await startNotificationFlow({ settings: { CALLBACK_KEY_FORMER: FORMER_KEY } });
});

afterAll(() => flow.stop());

interface Call {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly answer: string;
}

/** Oldest first. */
async function callsOf(name: string): Promise<readonly Call[]> {
  const response = await fetch(`${flow.inbox.url}/hooks?name=${name}`);
  const { calls } = (await response.json()) as { calls: readonly Call[] };
  return calls.toReversed();
}

async function place(callback: string): Promise<string> {
  count += 1;
  const body = aFutureOrder({
    idempotencyId: `callback-${count}`,
    recipient: anEmail(),
    sendersReference: "case 9",
    statusCallback: callback,
  });
  const { status, text, json } = await flow.order("/future/orders", body);
  expect({ status, text }).toMatchObject({ status: 201 });
  return (json as { notification: { shipmentId: string } }).notification.shipmentId;
}

async function secretsOf(org: string): Promise<readonly string[]> {
  const scope = "altinn:serviceowner/notifications.create";
  const bearer = await flow.platform.bearer({ "urn:altinn:org": org, scope });
  const { status, json } = await flow.request("GET", `${BASE}/future/callback-secret`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
  expect(status).toBe(200);
  return (json as { secrets: readonly string[] }).secrets;
}

const deadLettersOf = (): number => flow.serviceBus.counts("status-callbacks").deadLetter;

test("it is told what the feed says, signed with its secrets, the former one too", async () => {
  const shipmentId = await place(`${flow.inbox.url}/hooks/signed`);
  await flow.pass(5000);
  await flow.replayChanges();

  const [call, ...more] = await callsOf("signed");
  expect(more).toEqual([]);
  expect(call?.body).toMatchObject({
    shipmentId,
    sendersReference: "case 9",
    status: "Order_Completed",
    type: "Notification",
    shipmentType: "Notification",
    recipients: [{ type: "Email", status: "Email_Delivered" }],
  });
  const { headers = {} } = call ?? {};
  const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
  const body = JSON.stringify(call?.body);
  const secrets = await secretsOf("ttd");
  expect(secrets).toHaveLength(2);
  expect(headers["webhook-signature"]?.split(" ")).toEqual(
    secrets.map((secret) => new Webhook(secret).sign(headers["webhook-id"] ?? "", at, body)),
  );
});

test("each creator has secrets of its own, which stay the same", async () => {
  expect(await secretsOf("ttd")).toEqual(await secretsOf("ttd"));
  expect(await secretsOf("skd")).not.toEqual(await secretsOf("ttd"));
});

test("a call that fails is made again, with the same id, until it is heard", async () => {
  await place(`${flow.inbox.url}/hooks/failing?status=503&times=3`);
  await flow.pass(10 * 60_000, 10_000);

  const calls = await callsOf("failing");
  expect(calls.map(({ answer }) => answer)).toEqual(["503", "503", "503", "200"]);
  expect(new Set(calls.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(calls.map(({ headers }) => headers["budstikke-attempt"])).toEqual(["1", "2", "3", "4"]);
});

test("an address that is gone is not called again, and the message is kept where it is seen", async () => {
  const before = deadLettersOf();
  await place(`${flow.inbox.url}/hooks/gone?status=410`);
  await flow.pass(HOUR, HOUR / 4);

  expect(await callsOf("gone")).toHaveLength(1);
  expect(deadLettersOf()).toBe(before + 1);
});

test("after three days the calls end, and an operator can have them made again", async () => {
  const before = deadLettersOf();
  await place(`${flow.inbox.url}/hooks/never?status=500`);
  await flow.pass(144 * HOUR, 3 * HOUR);
  const { length } = await callsOf("never");

  expect(length).toBeGreaterThan(8);
  expect(deadLettersOf()).toBe(before + 1);
  await flow.app.notifications.deadLetters.redrive("status-callbacks");
  await flow.settle();
  expect(await callsOf("never")).toHaveLength(length + 1);
});

test("NO-D36: an address inside is refused when the order is placed", async () => {
  const body = aFutureOrder({ idempotencyId: "inside", statusCallback: "https://10.0.0.1/hook" });

  expect(await flow.order("/future/orders", body)).toMatchObject({ status: 400 });
});
