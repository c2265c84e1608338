/** From a stored order to its notifications and their messages, with the registers of the platform stand-in. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Order } from "../../functions/notifications/domain/order.ts";
import { shipmentIdOf } from "../../functions/notifications/domain/shipment-id.ts";
import { addressesIn, anEmailText, anOrder, anSmsText } from "../support/order-builders.ts";
import { type ProcessingFlow, startProcessingFlow } from "../support/processing-flow.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Of the fixture. */
const people = {
  reachable: "01869010061",
  reserved: "02877560042",
  unknownContact: "03886845048",
  stale: "06818322257",
} as const;
const BUSINESS = "314100018";

let flow: ProcessingFlow;

beforeAll(async () => {
  flow = await startProcessingFlow();
});

afterAll(() => flow.stop());

afterEach(() => {
  flow.platform.faults.clear();
  flow.platform.calls.clear();
});

const messagesFor = (queue: string, orderId: string) =>
  flow.serviceBus.peek(queue).filter(({ body }) => JSON.stringify(body).includes(orderId));

/** Stores an order and lets everything happen that is due. */
async function processed(overrides: Partial<Order>): Promise<Order> {
  const order = anOrder(flow.clock.now(), { sms: anSmsText, ...overrides });
  await flow.register(order);
  await flow.settle();
  return order;
}

const addressesOf = async ({ id }: Order): Promise<readonly string[]> =>
  addressesIn(await flow.notificationsOf(id));

test("an e-mail that is ordered for now is handed to the sending at once", async () => {
  const order = await processed({});

  expect(await flow.orderNow(order.id)).toMatchObject({
    state: "Processed",
    tally: { email: { generated: 1, succeeded: 0, open: 1 } },
  });
  const [notification] = await flow.notificationsOf(order.id);
  expect(notification).toMatchObject({ channel: "email", address: "somebody@example.com" });
  expect(messagesFor("email-sends", order.id)).toMatchObject([
    { body: { envelope: { orderId: order.id, notificationId: notification?.id } } },
  ]);
});

test("NO-D13: an order for a day far ahead waits in the broker, and is processed when its time has come", async () => {
  const order = await processed({ requestedSendAt: flow.clock.now() + 60 * DAY });
  expect(messagesFor("orders-due", order.id)).toMatchObject([
    { state: "scheduled", scheduledAt: order.requestedSendAt },
  ]);

  await flow.clock.advance(60 * DAY - 1);
  await flow.settle();
  expect((await flow.orderNow(order.id)).state).toBe("Registered");

  await flow.clock.advance(1);
  await flow.settle();
  expect((await flow.orderNow(order.id)).state).toBe("Processed");
});

test("an order that was cancelled in time makes nothing, though its message comes", async () => {
  const order = await processed({ requestedSendAt: flow.clock.now() + HOUR });
  const found = await flow.orders.getOrder(order.id);
  if (!found) throw new Error("The order is gone");
  await flow.orders.replaceOrder({ ...found, value: { ...found.value, state: "Cancelled" } });

  await flow.pass(HOUR, 2);

  expect((await flow.orderNow(order.id)).state).toBe("Cancelled");
  expect(await flow.notificationsOf(order.id)).toEqual([]);
});

test("a reminder is an order with its own time and its own condition", async () => {
  const now = flow.clock.now();
  const main = anOrder(now);
  const remind = (place: number, answer: string): Order => ({
    ...main,
    id: shipmentIdOf(main.id, place),
    type: "Reminder",
    requestedSendAt: now + place * DAY,
    condition: { url: `${flow.platform.url}/conditions/${answer}`, fallback: "cancel" },
  });
  const [first, second] = [remind(1, "not-met"), remind(2, "met")];
  await flow.register(main, first, second);

  await flow.settle();
  expect((await flow.orderNow(main.id)).state).toBe("Processed");
  expect((await flow.orderNow(first.id)).state).toBe("Registered");

  await flow.pass(DAY, 2);
  expect((await flow.orderNow(first.id)).state).toBe("SendConditionNotMet");
  expect(await flow.orderNow(second.id)).toMatchObject({
    state: "Processed",
    conditionOutcome: "met",
  });
});

describe("who gets what", () => {
  test("persons, by what the contact register says of each", async () => {
    const recipients = Object.values(people).map((id) => ({ nationalIdentityNumber: id }));

    const order = await processed({ channelScheme: "EmailPreferred", recipients });

    expect(await addressesOf(order)).toEqual([
      "email modig.elg@example.com",
      "email Failed_RecipientReserved",
      "email Failed_RecipientNotIdentified",
      "email Failed_RecipientNotIdentified",
    ]);
    expect(flow.platform.calls.count("profile")).toBe(1);
  });

  test("stale contacts and reserved persons, when the order says so", async () => {
    const order = await processed({
      channelScheme: "Sms",
      recipients: [
        { nationalIdentityNumber: people.stale },
        { nationalIdentityNumber: people.reserved },
      ],
      ignoreReservation: true,
      useStaleContactInformation: true,
    });

    expect(await addressesOf(order)).toEqual(["sms +4799999993", "sms +4799999991"]);
  });

  test.each(["urn:altinn:resource:ttd-letters", "app_ttd_apps-test"])(
    "a business, and those of its users who may see %s",
    async (resourceId) => {
      const order = await processed({
        resourceId,
        recipients: [{ organizationNumber: BUSINESS }],
      });

      expect(await addressesOf(order)).toEqual([
        "email post@fjell-og-fjord.example.com",
        "email varsel@fjell-og-fjord.example.com",
        "email modig.elg@fjell-og-fjord.example.com",
        "email ivrig.bever@fjell-og-fjord.example.com",
      ]);
      expect(flow.platform.calls.count("authorization")).toBe(1);
    },
  );

  test("NO-D31: an app may have underscores in its name", async () => {
    const order = await processed({
      resourceId: "app_ttd_an_app_of_parts",
      recipients: [{ organizationNumber: BUSINESS }],
    });

    expect(await addressesOf(order)).toContain("email modig.elg@fjell-og-fjord.example.com");
  });

  test("without a resource, and for an action that nobody may do, only the business itself", async () => {
    const recipients = [{ organizationNumber: BUSINESS }];
    const official = [
      "email post@fjell-og-fjord.example.com",
      "email varsel@fjell-og-fjord.example.com",
    ];

    const plain = await processed({ recipients });
    const confirm = await processed({
      recipients,
      resourceId: "ttd-letters",
      resourceAction: "confirm",
    });

    expect(await addressesOf(plain)).toEqual(official);
    expect(await addressesOf(confirm)).toEqual(official);
  });

  test("NO-D32: somebody outside the registers, by the name under which he signs in", async () => {
    const order = await processed({
      email: { ...anEmailText, subject: "To $recipientName$" },
      recipients: [{ externalIdentity: "urn:altinn:username:gammelbruker" }],
    });

    expect(await flow.notificationsOf(order.id)).toMatchObject([
      { address: "gammelbruker@example.com", subject: "To gammelbruker" },
    ]);
  });

  test("names come from Register, for everybody in one question", async () => {
    const order = await processed({
      email: { ...anEmailText, body: "$recipientName$ ($recipientNumber$)" },
      recipients: [
        { nationalIdentityNumber: people.reachable },
        { organizationNumber: "312508729" },
      ],
    });

    const bodies = (await flow.notificationsOf(order.id)).map(({ body }) => body);
    expect(bodies).toEqual(["Modig Elg ()", "Ordnet Eksempel AS (312508729)"]);
    expect(flow.platform.calls.count("register")).toBe(1);
  });
});

test("an SMS by day that is ordered at night has its message for the morning", async () => {
  const evening = flow.clock.now() + 11 * HOUR;
  const order = await processed({
    channelScheme: "Sms",
    requestedSendAt: evening,
    sms: { ...anSmsText, policy: "Daytime" },
    recipients: [{ mobileNumber: "+4799999990" }],
  });

  await flow.clock.advance(11 * HOUR);
  await flow.settle();

  const [notification] = await flow.notificationsOf(order.id);
  const [message] = messagesFor("sms-sends", order.id);
  expect(new Date(notification?.sendAt ?? 0).toISOString()).toMatch(/T0[78]:00:00.000Z$/);
  expect(message).toMatchObject({ state: "scheduled", scheduledAt: notification?.sendAt });
});

test("NO-D39: changes that come again make nothing twice", async () => {
  const order = await processed({});
  const before = messagesFor("email-sends", order.id);

  await flow.replayChanges();

  expect(messagesFor("email-sends", order.id)).toEqual(before);
  expect(await flow.notificationsOf(order.id)).toHaveLength(1);
});

test("nothing that is logged on the way names anybody", () => {
  const all = flow.logged.join("\n");

  expect(all).not.toMatch(/example\.com|\+47|\d{11}|999999/);
});
