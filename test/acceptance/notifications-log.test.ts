/** What somebody was sent, found again: by the support desk and by the person. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  aFutureOrder,
  anEmail,
  anExternalIdentity,
  anOrganization,
  aPerson,
} from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

const DIALOG = "0194a0c0-0000-7000-8000-000000000001";
const TRANSMISSION = "0194a0c0-0000-7000-8000-000000000002";
const BASE = "/notifications/api/v1";

/** Of the fixture. */
const person = "01869010061";
const business = "974761076";

let flow: NotificationFlow;
let count = 0;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

async function place(recipient: object, more: object = {}): Promise<string> {
  count += 1;
  const body = aFutureOrder({ idempotencyId: `log-${count}`, recipient, ...more });
  const { status, text, json } = await flow.order("/future/orders", body);
  expect({ status, text }).toMatchObject({ status: 201 });
  await flow.pass(5000);
  return (json as { notification: { shipmentId: string } }).notification.shipmentId;
}

const withClaims = async (claims: object, path: string, headers: Record<string, string> = {}) =>
  flow.request("GET", `${BASE}${path}`, {
    headers: { authorization: `Bearer ${await flow.platform.bearer({ ...claims })}`, ...headers },
  });

const ask = (path: string, headers: Record<string, string>) =>
  withClaims(
    { scope: "altinn:notifications.support.admin" },
    `/future/dashboard/recipients/notifications/${path}`,
    headers,
  );

const ownLog = (pid: string, query: string) => withClaims({ pid }, `/future/enduser/log${query}`);

describe("the support desk", () => {
  test("finds what a person was sent, by order", async () => {
    const shipmentId = await place(aPerson({ nationalIdentityNumber: person }), {
      sendersReference: "case 1",
    });

    const { status, json } = await ask("nin", { NationalIdentityNumber: person });

    expect(status).toBe(200);
    expect(json).toContainEqual({
      shipmentId,
      creatorName: "ttd",
      sendersReference: "case 1",
      requestedSendTime: expect.stringMatching(/^2026-01-15T/) as unknown,
      notificationChannel: "EmailPreferred",
      notificationType: "Notification",
      deliveryAttempts: [
        {
          nationalIdentityNumber: person,
          channel: "email",
          emailAddress: expect.stringContaining("@") as unknown,
          result: "Delivered",
          resultTime: expect.stringMatching(/^2026-01-15T/) as unknown,
        },
      ],
    });
  });

  test("finds what a business was sent", async () => {
    const shipmentId = await place(anOrganization({ orgNumber: business }));

    const { json } = await ask("orgnumber", { OrganizationNumber: business });

    expect(json).toMatchObject([
      { shipmentId, deliveryAttempts: [{ organizationNumber: business, channel: "email" }] },
    ]);
  });

  test("NO-D32: finds those whom no register knows, and direct addresses", async () => {
    const external = "urn:altinn:person:idporten-email:selvstendig@example.com";
    const first = await place(anExternalIdentity({ externalIdentity: external }));
    const second = await place({
      recipientEmail: {
        ...(anEmail() as { recipientEmail: object }).recipientEmail,
        emailAddress: "direct@example.com",
      },
    });

    const byIdentity = await ask("externalidentity", { ExternalIdentity: external });
    const byAddress = await ask("address", { Address: "Direct@example.com" });

    expect(byIdentity.json).toMatchObject([{ shipmentId: first }]);
    expect(byAddress.json).toMatchObject([{ shipmentId: second }]);
  });

  test("a change that is followed late or again takes nothing back", async () => {
    const shipmentId = await place(aPerson({ nationalIdentityNumber: person }));
    const { log } = flow.app.notifications;
    const span = { from: 0, to: Number.MAX_SAFE_INTEGER };
    const logged = (await log.list(`nin:${person}`, span)).find(
      (it) => it.shipmentId === shipmentId,
    );
    if (!logged) throw new Error("Nothing is logged");

    await log.put({ ...logged, status: "Sending", at: logged.at + 1 });
    await flow.replayChanges();

    const after = await log.list(`nin:${person}`, span);
    expect(after.filter((it) => it.shipmentId === shipmentId)).toEqual([logged]);
  });

  test("is shown what was requested in the span of time it asks about", async () => {
    const shipmentId = await place(aPerson({ nationalIdentityNumber: person }));
    const until = new Date(flow.clock.now() - 60_000).toISOString();

    const before = await ask(`nin?to=${until}`, { NationalIdentityNumber: person });
    const { json } = await ask("nin", { NationalIdentityNumber: person });

    expect(before.text).not.toContain(shipmentId);
    expect((json as { shipmentId: string }[])[0]?.shipmentId).toBe(shipmentId);
  });

  test.each([
    ["?from=2026-01-14T10:00:00", { From: ["The 'from' value must be UTC."] }],
    ["?to=2026-01-14T10:00:00", { To: ["The 'to' value must be UTC."] }],
    [
      "?from=2026-01-14T10:00:00Z&to=2026-01-14T10:00:00Z",
      { From: ["'from' must be earlier than 'to'."] },
    ],
    ["?from=2027-01-01T00:00:00Z", { From: ["'from' must not be in the future."] }],
    ["?from=2015-01-01T00:00:00Z", { From: ["'from' must not be earlier than 10 years ago."] }],
    ["?to=2027-01-01T00:00:00Z", { To: ["'to' must not be in the future."] }],
    [
      "?to=2026-01-01T00:00:00Z",
      { To: ["'to' must be later than the default 'from' (7 days ago)."] },
    ],
  ])("is told what is wrong with %s", async (query, errors) => {
    const { status, json } = await ask(`nin${query}`, { NationalIdentityNumber: person });

    expect(status).toBe(400);
    expect(json).toMatchObject({ errors });
  });

  test.each([
    ["nin", {}, "'NationalIdentityNumber' is required and cannot be empty"],
    [
      "nin",
      { NationalIdentityNumber: "1234567890" },
      "National identity number must be 11 digits long.",
    ],
    [
      "orgnumber",
      { OrganizationNumber: " " },
      "'OrganizationNumber' is required and cannot be empty",
    ],
    [
      "orgnumber",
      { OrganizationNumber: "12345678x" },
      "Organization number must be 9 digits long.",
    ],
  ])("is told what is wrong with the header of %s: %o", async (path, headers, message) => {
    const { status, json } = await ask(path, { ...headers });

    expect(status).toBe(400);
    expect(Object.values((json as { errors: object }).errors)).toEqual([[message]]);
  });

  test("without its scope nobody is shown anything", async () => {
    const path = "/future/dashboard/recipients/notifications/nin";
    const headers = { NationalIdentityNumber: person };
    const creator = { scope: "altinn:serviceowner/notifications.create", "urn:altinn:org": "ttd" };

    expect(await withClaims(creator, path, headers)).toMatchObject({ status: 403, text: "" });
    expect(await flow.request("GET", `${BASE}${path}`, { headers })).toMatchObject({ status: 401 });
  });
});

describe("a person", () => {
  test("NO-D33, NO-D41: sees what came about a dialog, and of one transmission if so asked", async () => {
    await place(aPerson({ nationalIdentityNumber: person }), {
      dialogportenAssociation: { dialogId: DIALOG, transmissionId: TRANSMISSION },
    });

    const whole = await ownLog(person, `?dialogId=${DIALOG.toUpperCase()}`);
    const other = await ownLog(person, `?dialogId=${DIALOG}&transmissionId=${DIALOG}`);
    const one = await ownLog(person, `?dialogId=${DIALOG}&transmissionId=${TRANSMISSION}`);

    expect(whole.json).toEqual([
      {
        notificationId: expect.any(String) as unknown,
        dialogId: DIALOG,
        transmissionId: TRANSMISSION,
        type: "Notification",
        channel: "Email",
        destination: expect.stringContaining("@") as unknown,
        status: "Delivered",
        requestedSendTime: expect.stringMatching(/^2026-01-15T/) as unknown,
        lastUpdateTime: expect.stringMatching(/^2026-01-15T/) as unknown,
      },
    ]);
    expect(one.json).toEqual(whole.json);
    expect(other.json).toEqual([]);
  });

  test("sees nothing of what others were sent about the same dialog", async () => {
    expect(await ownLog("01017012345", `?dialogId=${DIALOG}`)).toMatchObject({ json: [] });
  });

  test.each([
    ["", "The dialogId field is required."],
    ["?dialogId=7", "The value '7' is not valid."],
    [`?dialogId=${DIALOG}&transmissionId=x`, "The value 'x' is not valid."],
  ])("is told what is wrong with %s", async (query, message) => {
    const { status, json } = await ownLog(person, query);

    expect(status).toBe(400);
    expect(Object.values((json as { errors: object }).errors)).toEqual([[message]]);
  });

  test("needs a token of a person", async () => {
    const path = `/future/enduser/log?dialogId=${DIALOG}`;

    expect(await withClaims({ "urn:altinn:org": "ttd" }, path)).toMatchObject({ status: 403 });
    expect(await flow.request("GET", `${BASE}${path}`)).toMatchObject({ status: 401 });
  });
});
