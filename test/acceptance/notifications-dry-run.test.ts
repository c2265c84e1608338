/** What an order would come to, asked over HTTP: nothing of it is stored or sent. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  aFutureOrder,
  anEmail,
  anOrganization,
  anSms,
  aPerson,
  aReminder,
} from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

let flow: NotificationFlow;
const DAY = 24 * 60 * 60_000;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

const dryRun = (overrides: object) =>
  flow.order("/future/orders/dry-run", aFutureOrder({ idempotencyId: "dry", ...overrides }));

test("recipients, channels, times, parts and cost of an order and its reminder", async () => {
  const at = Date.UTC(2026, 0, 15, 20);
  const answer = await dryRun({
    requestedSendTime: new Date(at).toISOString(),
    recipient: anSms({ body: "å".repeat(161) }),
    reminders: [
      aReminder({
        sendersReference: "again",
        recipient: anOrganization({ orgNumber: "314100018", channelSchema: "Email" }),
      }),
    ],
  });

  expect(answer).toMatchObject({
    status: 200,
    json: {
      isAccepted: true,
      orders: [
        {
          type: "Notification",
          requestedSendTime: "2026-01-15T20:00:00.000Z",
          recipients: [
            {
              type: "SMS",
              destination: "+4799999999",
              status: "SMS_New",
              // The send window opens at nine in Oslo.
              sendTime: "2026-01-16T08:00:00.000Z",
              smsSegments: 2,
              estimatedCost: 0.9,
            },
          ],
        },
        {
          type: "Reminder",
          sendersReference: "again",
          requestedSendTime: new Date(at + DAY).toISOString(),
          recipients: [
            { type: "Email", destination: "post@fjell-og-fjord.example.com" },
            { type: "Email", destination: "varsel@fjell-og-fjord.example.com" },
          ],
          totals: { emails: 2, sms: 0 },
        },
      ],
      totals: { emails: 2, sms: 1, smsSegments: 2, estimatedCost: 0.906, currency: "NOK" },
    },
  });
});

test("who is reserved would not be told, and costs nothing", async () => {
  const answer = await dryRun({ recipient: aPerson({ nationalIdentityNumber: "02877560042" }) });

  expect(answer.json).toMatchObject({
    isAccepted: true,
    orders: [
      {
        recipients: [
          {
            destination: "",
            status: "Email_Failed_RecipientReserved",
            nationalIdentityNumber: "02877560042",
            estimatedCost: 0,
          },
        ],
      },
    ],
    totals: { emails: 0, sms: 0, estimatedCost: 0 },
  });
});

test("an order that would be refused says so", async () => {
  const answer = await dryRun({ recipient: anOrganization({ orgNumber: "314104013" }) });

  expect(answer.json).toMatchObject({
    isAccepted: false,
    orders: [{ recipients: [{ status: "Email_Failed_RecipientNotIdentified" }] }],
  });
});

test("the same rules hold as for placing it", async () => {
  const answer = await dryRun({ recipient: {} });

  expect(answer).toMatchObject({
    status: 400,
    json: { errors: { Recipient: ["Must have exactly one recipient."] } },
  });
});

test("nothing is stored or sent, and the idempotency id is still free", async () => {
  await dryRun({ recipient: anEmail() });
  await flow.pass(DAY, DAY);
  const { orders } = flow.app.notifications;

  expect(await orders.findChain("ttd", "future", "dry")).toBeUndefined();
  expect(flow.inbox.messages()).toHaveLength(0);
  const placed = await flow.order("/future/orders", aFutureOrder({ idempotencyId: "dry" }));
  expect(placed.status).toBe(201);
});

test("a register that does not answer is told as such", async () => {
  const heal = flow.platform.faults.add({
    service: "profile",
    effect: { kind: "status", status: 500 },
  });
  const recipient = aPerson({ nationalIdentityNumber: "08899551096" });
  const answer = await dryRun({ recipient });
  heal();

  expect(answer).toMatchObject({ status: 503, json: { code: "NOT-00004" } });
});
