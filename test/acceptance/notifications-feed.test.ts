/** The status feed of a creator: every order that came to its end, once, in commit order. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusEntry } from "../../functions/notifications/domain/read-ports.ts";
import { aFutureOrder, anEmail, anSms } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

let flow: NotificationFlow;
let count = 0;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

interface Entry {
  readonly sequenceNumber: number;
  readonly shipmentId: string;
  readonly status: string;
  readonly recipients: readonly object[];
}

const SCOPE = "altinn:serviceowner/notifications.create";

const readAs = async (org: string | undefined, query: string) => {
  const claims = { scope: SCOPE, ...(org !== undefined && { "urn:altinn:org": org }) };
  const headers = { authorization: `Bearer ${await flow.platform.bearer(claims)}` };
  const path = `/notifications/api/v1/future/shipment/feed${query}`;
  return flow.request("GET", path, { headers });
};

const feedOf = async (org: string, query = ""): Promise<readonly Entry[]> => {
  const { status, json } = await readAs(org, query);
  expect(status).toBe(200);
  return json as readonly Entry[];
};

async function place(more: object): Promise<string> {
  count += 1;
  const body = aFutureOrder({ idempotencyId: `feed-${count}`, ...more });
  const { status, json } = await flow.order("/future/orders", body);
  expect(status).toBe(201);
  return (json as { notification: { shipmentId: string } }).notification.shipmentId;
}

const entryOf = async (id: string): Promise<readonly Entry[]> =>
  (await feedOf("ttd")).filter(({ shipmentId }) => shipmentId === id);

const isoTime = expect.stringMatching(/^2026-01-15T10:4\d:\d\d\.\d{3}Z$/) as unknown;

test("NO-D24, NO-D40: a delivered e-mail has one entry, with `type` and `shipmentType`, however often changes are handed on", async () => {
  const id = await place({ recipient: anEmail(), sendersReference: "case 7" });
  await flow.pass(5000);
  await flow.replayChanges();

  expect(await entryOf(id)).toEqual([
    {
      sequenceNumber: expect.any(Number) as unknown,
      shipmentId: id,
      sendersReference: "case 7",
      type: "Notification",
      shipmentType: "Notification",
      status: "Order_Completed",
      lastUpdate: isoTime,
      recipients: [
        {
          type: "Email",
          destination: "somebody@example.com",
          status: "Email_Delivered",
          lastUpdate: isoTime,
        },
      ],
    },
  ]);
});

test("an SMS is named as one", async () => {
  const id = await place({ recipient: anSms({ sendingTimePolicy: "Anytime" }) });
  await flow.pass(5000);

  expect(await entryOf(id)).toMatchObject([
    { recipients: [{ type: "SMS", status: "SMS_Delivered" }] },
  ]);
});

test("NO-D55: an order whose condition was not met has an entry without recipients", async () => {
  const id = await place({
    recipient: anEmail(),
    conditionEndpoint: `${flow.platform.url}/conditions/not-met`,
  });
  await flow.pass(5000);

  expect(await entryOf(id)).toMatchObject([
    { status: "Order_SendConditionNotMet", recipients: [] },
  ]);
});

test("NO-D19: a cancelled order has an entry, too", async () => {
  const inAWeek = new Date(flow.clock.now() + 7 * 24 * 60 * 60_000).toISOString();
  const id = await place({ recipient: anEmail(), requestedSendTime: inAWeek });
  const { orders } = flow.app.notifications;
  const found = await orders.getOrder(id);
  if (!found) throw new Error("The order is not there");
  const value = { ...found.value, state: "Cancelled", stateAt: flow.clock.now() } as const;
  await orders.replaceOrder({ ...found, value });
  await flow.settle();

  expect(await entryOf(id)).toMatchObject([{ status: "Order_Cancelled", recipients: [] }]);
});

test("an order that is not at its end has no entry", async () => {
  const tomorrow = new Date(flow.clock.now() + 24 * 60 * 60_000).toISOString();
  const id = await place({ recipient: anEmail(), requestedSendTime: tomorrow });
  await flow.settle();

  expect(await entryOf(id)).toEqual([]);
});

const anEntry = (creator: string, number: number): StatusEntry => ({
  shipmentId: `${creator}-${number}`,
  creator,
  shipmentType: "Notification",
  status: "Completed",
  updatedAt: 0,
  recipients: [],
});

/** A feed of its own, with so many entries. */
async function aFeed(length: number): Promise<string> {
  count += 1;
  const creator = `org${count}`;
  const entries = Array.from({ length }, (_, index) => anEntry(creator, index + 1));
  await flow.app.notifications.statusFeed.append(entries);
  return creator;
}

const follow = async (org: string, pageSize: number, orderBy: string): Promise<number[]> => {
  const seen: number[] = [];
  for (let seq = 0; ;) {
    const page = await feedOf(org, `?seq=${seq}&pageSize=${pageSize}&orderBy=${orderBy}`);
    expect(page.length).toBeLessThanOrEqual(pageSize);
    if (page.length === 0) return seen;
    seen.push(...page.map(({ sequenceNumber }) => sequenceNumber));
    seq = page.at(-1)?.sequenceNumber ?? seq;
    if (seq === 1 && orderBy !== "asc") return seen; // before 1 is the end of the feed again
  }
};

test("NO-D19, NO-D46: with any size of page and in both directions a follower sees each entry once, numbered without gaps", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(30), fc.integer({ min: 1, max: 40 }), async (length, pageSize) => {
      const org = await aFeed(length);
      const numbers = Array.from({ length }, (_, index) => index + 1);

      expect(await follow(org, pageSize, "asc")).toEqual(numbers);
      expect(await follow(org, pageSize, "DESC")).toEqual(numbers.toReversed());
    }),
    { numRuns: 15 },
  );
});

test("NO-D19: an entry can be read as soon as it is there; nothing is held back", async () => {
  const org = await aFeed(1);

  expect(await feedOf(org)).toHaveLength(1);
});

test("a creator sees its own feed only, and one without any has an empty one", async () => {
  const org = await aFeed(2);
  await aFeed(3);

  expect(await feedOf(org)).toHaveLength(2);
  expect(await feedOf("nobody")).toEqual([]);
});

test("the size of a page is 500 at the most and 1 at the least, and the tail is found backwards", async () => {
  const org = await aFeed(502);

  expect(await feedOf(org)).toHaveLength(500);
  expect(await feedOf(org, "?pageSize=9999")).toHaveLength(500);
  expect(await feedOf(org, "?PAGESIZE=-3")).toHaveLength(1);
  expect(await feedOf(org, "?orderBy=desc&pageSize=1")).toMatchObject([{ sequenceNumber: 502 }]);
  expect(await feedOf(org, "?orderBy=1&seq=3")).toMatchObject([
    { sequenceNumber: 2 },
    { sequenceNumber: 1 },
  ]);
  expect(await feedOf(org, "?seq=9223372036854775807")).toEqual([]);
});

test.each([
  ["?seq=-1", { Seq: ["The field Seq must be between 0 and 9.223372036854776E+18."] }],
  ["?seq=many", { Seq: ["The value 'many' is not valid for Seq."] }],
  ["?seq=9223372036854775808", { Seq: ["The value '9223372036854775808' is not valid for Seq."] }],
  ["?seq=", { Seq: ["The value '' is invalid."] }],
  ["?pageSize=1.5", { PageSize: ["The value '1.5' is not valid for PageSize."] }],
  ["?orderBy=up", { OrderBy: ["The value 'up' is not valid for OrderBy."] }],
  ["?orderBy=7", { OrderBy: ["The value '7' is invalid."] }],
])("%s is told as wrong, by member", async (query, errors) => {
  const { status, json } = await readAs("ttd", query);

  expect(status).toBe(400);
  expect(json).toMatchObject({ title: "One or more validation errors occurred.", errors });
});

test("without a token 401, without the scope 403, without an org 403", async () => {
  const path = "/notifications/api/v1/future/shipment/feed";
  const bearer = await flow.platform.bearer({ "urn:altinn:org": "ttd", scope: "altinn:other" });

  expect(await flow.request("GET", path)).toMatchObject({ status: 401, text: "" });
  expect(
    await flow.request("GET", path, { headers: { authorization: `Bearer ${bearer}` } }),
  ).toMatchObject({ status: 403, text: "" });
  expect(await readAs(undefined, "")).toMatchObject({ status: 403 });
});
