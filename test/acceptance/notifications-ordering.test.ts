/** Placing orders over HTTP: who may, what is answered, what is stored. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  aFutureOrder,
  anEmail,
  anExternalIdentity,
  anOrganization,
  anSms,
  aPerson,
  aReminder,
} from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";
import type { Answer } from "../support/registrations.ts";

let flow: NotificationFlow;
const PATH = "/notifications/api/v1/future/orders";

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

const anId: unknown = expect.any(String);

interface Receipt {
  readonly notificationOrderId: string;
  readonly notification: {
    readonly shipmentId: string;
    readonly reminders?: readonly { readonly shipmentId: string }[];
  };
}

let count = 0;
const anOrder = (overrides: object = {}): object =>
  aFutureOrder({ idempotencyId: `ordering-${(count += 1)}`, ...overrides });

const place = (body: object): Promise<Answer> => flow.order("/future/orders", body);

const bearer = async (claims: object): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await flow.platform.bearer(claims as Record<string, unknown>)}`,
  "content-type": "application/json",
});

const SCOPE = "altinn:serviceowner/notifications.create";

describe("who may order", () => {
  const post = (headers: Record<string, string>, body: object = anOrder()): Promise<Answer> =>
    flow.request("POST", PATH, { headers, body: JSON.stringify(body) });

  test("another content type is told before a missing token, a missing token before a bad body", async () => {
    const xml = await post({ "content-type": "application/xml" }, {});
    const nobody = await post({ "content-type": "application/json" }, {});

    expect([xml.status, nobody.status]).toEqual([415, 401]);
    expect(nobody.text).toBe("");
  });

  test("a token without the scope is not enough, and an end user's neither", async () => {
    const other = await post(await bearer({ "urn:altinn:org": "ttd", scope: "altinn:other" }));
    const user = await post(await bearer({ "urn:altinn:userid": 1 }));

    expect([other.status, user.status]).toEqual([403, 403]);
  });

  test("a caller who is no service owner is told of a bad body first, and of that then", async () => {
    const headers = await bearer({ scope: SCOPE });

    expect((await post(headers, {})).status).toBe(400);
    expect((await post(headers)).status).toBe(403);
  });

  test("a platform token alone is enough, and its issuer is the creator", async () => {
    const token = await flow.platform.platformToken("platform", "some-component");
    const answer = await post({ "content-type": "application/json", platformaccesstoken: token });

    const { notification } = answer.json as Receipt;
    const order = await flow.app.notifications.orders.getOrder(notification.shipmentId);
    expect(answer.status).toBe(201);
    expect(order?.value.creator).toBe("platform");
  });

  test("NO-D35: a forged platform token makes nobody else of a caller", async () => {
    const forged = `${btoa('{"alg":"RS256"}')}.${btoa('{"iss":"skd","urn:altinn:app":"a"}')}.c2ln`;
    const headers = await bearer({ "urn:altinn:org": "ttd", scope: SCOPE });
    const answer = await post({ ...headers, platformaccesstoken: forged });
    const malformed = await post({ ...headers, platformaccesstoken: "no token at all" });

    const { notification } = answer.json as Receipt;
    const order = await flow.app.notifications.orders.getOrder(notification.shipmentId);
    expect(order?.value.creator).toBe("ttd");
    expect(malformed.status).toBe(201);
  });
});

describe("idempotency", () => {
  test("NO-D01: a repeat gets the same receipt, in whatever spelling it comes", async () => {
    const body = anOrder({
      sendersReference: "ours",
      reminders: [aReminder({ sendersReference: "again" })],
    });
    const first = await place(body);
    const spelled = Object.fromEntries(
      Object.entries(body).map(([name, value]) => [name.toUpperCase(), value as unknown]),
    );
    const second = await place({ ...spelled, unknown: 1 });

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.json).toEqual(first.json);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    expect(first.json).toEqual({
      notificationOrderId: anId,
      notification: {
        shipmentId: anId,
        sendersReference: "ours",
        reminders: [{ shipmentId: anId, sendersReference: "again" }],
      },
    });
  });

  test("NO-D01: of many at the same time one is stored, and all get the same receipt", async () => {
    const body = anOrder();
    const answers = await Promise.all(Array.from({ length: 8 }, () => place(body)));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test("NO-D01: another payload under the same id is a conflict, also where recipients are looked up", async () => {
    const byAddress = anOrder();
    const byNumber = anOrder({ recipient: aPerson({ nationalIdentityNumber: "01869010061" }) });
    await place(byAddress);
    await place(byNumber);

    const answers = await Promise.all([
      place({ ...byAddress, sendersReference: "other" }),
      place({ ...byNumber, sendersReference: "other" }),
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 409, json: { code: "idempotency-conflict" } });
    }
  });

  test("the same id of another creator, or for another kind of order, is another id", async () => {
    const body = anOrder() as { idempotencyId: string };
    const { idempotencyId } = body;
    const first = await place(body);
    const other = await flow.request("POST", PATH, {
      headers: await bearer({ "urn:altinn:org": "skd", scope: SCOPE }),
      body: JSON.stringify(body),
    });
    const instant = await flow.order("/future/orders/instant/email", {
      idempotencyId,
      recipientEmail: {
        emailAddress: "a@example.com",
        emailSettings: { subject: "s", body: "b" },
      },
    });

    expect([first.status, other.status, instant.status]).toEqual([201, 201, 201]);
  });
});

describe("recipients without contact information", () => {
  const RESERVED = "02877560042";
  const UNREACHABLE = "03886845048";

  test.each([
    ["a person", aPerson({ nationalIdentityNumber: UNREACHABLE })],
    ["a business", anOrganization({ orgNumber: "314104013" })],
    [
      "somebody outside the registers",
      anExternalIdentity({ externalIdentity: "urn:altinn:party:username:nobody" }),
    ],
    [
      "a person without a number",
      aPerson({ nationalIdentityNumber: "04820170062", channelSchema: "Sms" }),
    ],
  ])("%s: nothing is stored", async (_name, recipient) => {
    const body = anOrder({ recipient }) as { idempotencyId: string };
    const answer = await place(body);

    expect(answer.status).toBe(422);
    expect(answer.headers.get("content-type")).toContain("application/json");
    expect(answer.json).toMatchObject({
      type: "urn:altinn:error:NOT-00001",
      title: "Missing contact information for recipient(s)",
      status: 422,
      code: "NOT-00001",
    });
    const { orders } = flow.app.notifications;
    expect(await orders.findChain("ttd", "future", body.idempotencyId)).toBeUndefined();
  });

  test("a reminder's recipient counts too", async () => {
    const recipient = aPerson({ nationalIdentityNumber: UNREACHABLE });

    expect((await place(anOrder({ reminders: [aReminder({ recipient })] }))).status).toBe(422);
  });

  test("a reserved person is not missing", async () => {
    const recipient = aPerson({ nationalIdentityNumber: RESERVED });

    expect((await place(anOrder({ recipient }))).status).toBe(201);
  });

  test("NO-D17: a business with nothing but contact points of its users can be told", async () => {
    const users = { orgNumber: "314103017", resourceId: "urn:altinn:resource:ttd-letters" };

    expect((await place(anOrder({ recipient: anOrganization(users) }))).status).toBe(201);
  });

  test("stale contact information counts when the creator says so", async () => {
    const stale = { nationalIdentityNumber: "06818322257" };
    const usual = await place(anOrder({ recipient: aPerson(stale) }));
    const asked = await place(
      anOrder({ recipient: aPerson({ ...stale, useStaleContactInformation: true }) }),
    );

    expect([usual.status, asked.status]).toEqual([422, 201]);
  });
});

describe("what is stored", () => {
  test("NO-D23: Location leads to the shipment, and the chain can be read", async () => {
    const recipient = anSms({ sendingTimePolicy: "Anytime" });
    const answer = await place(anOrder({ reminders: [aReminder({ recipient })] }));
    const { notificationOrderId, notification } = answer.json as Receipt;
    const location = answer.headers.get("location") ?? "";
    const shipment = await flow.read(location.replace(/^.*\/api\/v1/, ""));
    const chain = await flow.read(`/future/orders/${notificationOrderId}`);

    expect(shipment).toMatchObject({
      status: 200,
      json: { shipmentId: notification.shipmentId, status: "Order_Processed" },
    });
    expect(chain.json).toMatchObject({
      notificationOrderId,
      notification: {
        shipmentId: notification.shipmentId,
        type: "Notification",
        reminders: [
          { shipmentId: notification.reminders?.[0]?.shipmentId, status: "Order_Registered" },
        ],
      },
    });
  });

  test("senders that were not named are the default ones", async () => {
    const { json } = await place(anOrder({ recipient: anEmail() }));
    const { shipmentId } = (json as Receipt).notification;
    const order = await flow.app.notifications.orders.getOrder(shipmentId);

    expect(order?.value.email?.senderAddress).toBe("noreply@example.com");
  });
});

test("NO-D20: a register that does not answer is told as such, and nothing is stored", async () => {
  const body = anOrder({ recipient: aPerson({ nationalIdentityNumber: "07846614049" }) });
  const heal = flow.platform.faults.add({
    service: "profile",
    effect: { kind: "status", status: 503 },
  });
  const answer = await place(body);
  heal();
  const again = await place(body);

  expect(answer).toMatchObject({ status: 503, json: { code: "NOT-00004" } });
  expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(again.status).toBe(201);
});

test("nothing of a recipient is logged", () => {
  const log = flow.logged.join("\n");

  expect(log).not.toMatch(/\d{11}|example\.com\b.*@|@example\.com|\+47/);
});

test("NO-D30: no creator is treated unlike the others, and none gets contact information it did not ask for", async () => {
  const answers: Answer[] = [];
  for (const org of ["ttd", "skd"]) {
    const headers = await bearer({ "urn:altinn:org": org, scope: SCOPE });
    const recipient = aPerson({ nationalIdentityNumber: "01869010061" });
    const body = JSON.stringify(anOrder({ recipient }));
    answers.push(await flow.request("POST", PATH, { headers, body }));
  }
  const stored = await Promise.all(
    answers.map(({ json }) =>
      flow.app.notifications.orders.getOrder((json as Receipt).notification.shipmentId),
    ),
  );

  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  const [one, other] = stored.map((order) => order?.value.useStaleContactInformation ?? false);
  expect([one, other]).toEqual([false, false]);
});
