/** Nothing personal is logged, and no message carries it, whatever becomes of an order. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aFutureOrder } from "../support/notification-builders.ts";
import { type NotificationFlow, startNotificationFlow } from "../support/notification-flow.ts";

const BASE = "/notifications/api/v1";

let flow: NotificationFlow;
let count = 0;

beforeAll(async () => {
  flow = await startNotificationFlow();
});

afterAll(() => flow.stop());

const word = fc.stringMatching(/^[a-z]{10,14}$/);

/** What the provider's stand-in makes of an address, by its beginning. */
const fate = fc.constantFrom(
  "delivered",
  "bounced",
  "invalid",
  "suppressed",
  "throttled",
  "unavailable",
  "error",
  "reset-after",
  "toolarge",
);
const number = fc.constantFrom("01", "03", "31", "35", "36", "37", "23", "24", "99", "42", "77");

/** Of the fixture: found, reserved, without contact. */
const person = fc.constantFrom("01869010061", "02877560042", "03886845048");

interface Case {
  readonly recipient: object;
  /** What must be found nowhere. */
  readonly secrets: readonly string[];
}

const toAddress = fc
  .record({ fate, name: word, text: word })
  .map(({ fate: its, name, text }): Case => {
    const emailAddress = `${its}+${name}@example.com`;
    const emailSettings = { subject: `Subject ${text}`, body: `Body ${text}` };
    return {
      recipient: { recipientEmail: { emailAddress, emailSettings } },
      secrets: [name, text],
    };
  });

const toNumber = fc.record({ number, text: word }).map(({ number: end, text }): Case => {
  const phoneNumber = `+47999999${end}`;
  const smsSettings = { body: text, sendingTimePolicy: "Anytime" };
  return {
    recipient: { recipientSms: { phoneNumber, smsSettings } },
    secrets: [phoneNumber, `47999999${end}`, text],
  };
});

const toPerson = fc.record({ person, text: word }).map(({ person: nin, text }): Case => {
  const emailSettings = { subject: text, body: `$recipientNumber$ ${text}` };
  const smsSettings = { body: `$recipientName$ ${text}`, sendingTimePolicy: "Anytime" };
  return {
    recipient: {
      recipientPerson: {
        nationalIdentityNumber: nin,
        channelSchema: "EmailAndSms",
        emailSettings,
        smsSettings,
      },
    },
    secrets: [nin, text, "modig.elg", "stille.bjork", "99999990", "99999991"],
  };
});

const aCase = fc.oneof(toAddress, toNumber, toPerson);

async function place({ recipient }: Case): Promise<void> {
  count += 1;
  await flow.order(
    "/future/orders",
    aFutureOrder({ idempotencyId: `privacy-${count}`, recipient }),
  );
}

/** Everything that is in a queue, or was given up. */
const queued = (): string =>
  [...flow.registrations.queues.keys()]
    .flatMap((queue) => [
      ...flow.serviceBus.peek(queue),
      ...flow.serviceBus.peek(`${queue}/$DeadLetterQueue`),
    ])
    .map((message) =>
      JSON.stringify(message, (_, it: unknown) => (typeof it === "bigint" ? String(it) : it)),
    )
    .join("\n");

test("no name, address, number, text or national id of any order is in a line of the log or in a message", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aCase, { minLength: 4, maxLength: 8 }), async (cases) => {
      await Promise.all(cases.map(place));
      const waiting = queued();
      await flow.pass(10 * 60_000, 2 * 60_000);
      const seen = [...flow.logged, waiting, queued()].join("\n");

      const told = cases.flatMap(({ secrets }) => secrets.filter((it) => seen.includes(it)));
      expect(told).toEqual([]);
    }),
    { numRuns: 5 },
  );
  // How much is logged depends on the cases; that it is looked at does not.
  expect(flow.logged.length).toBeGreaterThan(0);
}, 60_000);

test("who asks about a person, or has one forgotten, leaves no trace of whom in the log", async () => {
  const nin = "01869010061";
  const scope = "budstikke:operate altinn:notifications.support.admin";
  const headers = {
    authorization: `Bearer ${await flow.platform.bearer({ scope })}`,
    NationalIdentityNumber: nin,
  };
  const path = `${BASE}/future/dashboard/recipients/notifications/nin`;

  expect(await flow.request("GET", path, { headers })).toMatchObject({ status: 200 });
  expect(await flow.request("DELETE", `${BASE}/persons`, { headers })).toMatchObject({
    status: 200,
  });
  expect(flow.logged.join("\n")).not.toContain(nin);
});
