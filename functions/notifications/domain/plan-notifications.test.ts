import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addressesIn,
  anOrder,
  aPerson,
  nobody,
  PERSON,
  planned,
  rules,
} from "../../../test/support/order-builders.ts";
import type { Contacts } from "./contacts.ts";
import type { ChannelScheme, Order } from "./order.ts";
import {
  BULK_FROM_MESSAGES,
  newcomersOf,
  planNotifications,
  tallyOf,
} from "./plan-notifications.ts";

test("many at once wait behind few, and an instant one before all", () => {
  const recipients = Array.from({ length: BULK_FROM_MESSAGES }, (_, index) => ({
    emailAddress: `a${index}@example.com`,
  }));
  const laneOf = (order: Partial<Order>) => planned(order)[0]?.lane;

  expect(laneOf({ recipients })).toBe("bulk");
  expect(laneOf({ recipients: recipients.slice(1) })).toBe("normal");
  expect(laneOf({ recipients, type: "Instant" })).toBe("instant");
});

test("an SMS by day waits for the window, an e-mail does not", () => {
  const night = Date.UTC(2026, 0, 15, 20);
  const sms = { sender: "x", body: "b", policy: "Daytime" as const };
  const order = anOrder(night, {
    channelScheme: "EmailAndSms",
    sms,
    recipients: [{ nationalIdentityNumber: PERSON }],
  });

  const all = planNotifications(order, { ...nobody, ...aPerson() }, night, rules);

  expect(all.map(({ sendAt }) => sendAt)).toEqual([night, Date.UTC(2026, 0, 16, 8)]);
});

const lowerCase = (text: string): string => text.toLowerCase();

/** Orders and registers in which addresses, ids and people repeat a lot. */
const emails = fc.constantFrom("a@example.com", "A@example.com", "b@example.com", "c@example.com");
const numbers = fc.constantFrom("+4799999991", "99999991", "+4799999992");
const persons = fc.constantFrom("01869010061", "02877560042", "03886845048");
const businesses = fc.constantFrom("314100018", "314103017");
const recipient = fc.oneof(
  fc.record({ nationalIdentityNumber: persons }),
  fc.record({ organizationNumber: businesses }),
  fc.record({ externalIdentity: fc.constant("urn:altinn:party:username:x") }),
  fc.record({ emailAddress: emails }),
  fc.record({ mobileNumber: fc.constantFrom("+4799999991", "+4799999992") }),
);
const point = fc.record({ emailAddress: emails, mobileNumber: numbers }, { requiredKeys: [] });
const contactsOf = fc
  .record({
    persons: fc.array(fc.tuple(persons, point, fc.boolean())),
    businesses: fc.array(
      fc.tuple(businesses, fc.array(emails), fc.array(numbers), fc.array(point)),
    ),
    external: fc.option(point, { nil: undefined }),
  })
  .map((known): Contacts => ({
    ...nobody,
    persons: new Map(
      known.persons.map(([id, its, isReserved]) => [
        id,
        { ...its, nationalIdentityNumber: id, isReserved },
      ]),
    ),
    organizations: new Map(
      known.businesses.map(([id, emailAddresses, mobileNumbers]) => [
        id,
        { organizationNumber: id, emailAddresses, mobileNumbers },
      ]),
    ),
    users: new Map(
      known.businesses.map(([id, , , users]) => [
        id,
        users.map((its, userId) => ({ ...its, userId })),
      ]),
    ),
    externals: new Map(
      known.external
        ? [["urn:altinn:party:username:x", { ...known.external, externalIdentity: "" }]]
        : [],
    ),
  }));
const orders = fc.record({
  channelScheme: fc.constantFrom<ChannelScheme[]>(
    "Email",
    "Sms",
    "EmailPreferred",
    "SmsPreferred",
    "EmailAndSms",
  ),
  recipients: fc.array(recipient, { minLength: 1, maxLength: 8 }),
  ignoreReservation: fc.boolean(),
});

test("NO-D16 NO-D52: no address is told twice, nobody is forgotten, who is reserved is not addressed", () => {
  fc.assert(
    fc.property(orders, contactsOf, (order, contacts) => {
      const all = planned(order, contacts);
      const addressed = all.filter(({ address }) => address !== "");
      const keys = addressed.map(({ channel, address }) => `${channel} ${address.toLowerCase()}`);
      const reserved = new Set(
        [...contacts.persons.values()]
          .filter(({ isReserved }) => isReserved && !order.ignoreReservation)
          .map(({ nationalIdentityNumber }) => nationalIdentityNumber),
      );

      expect(new Set(keys).size).toBe(keys.length);
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      for (const one of order.recipients) {
        const alone = addressesIn(planned({ ...order, recipients: [one] }, contacts));
        expect(alone.length).toBeGreaterThan(0);
        expect(addressesIn(all).map(lowerCase)).toEqual(
          expect.arrayContaining(alone.map(lowerCase)),
        );
      }
      for (const { recipient: its } of addressed) {
        expect(reserved.has(its.nationalIdentityNumber ?? "")).toBe(false);
      }
      for (const { address, channel, status } of all) {
        expect(status === "New").toBe(address !== "");
        expect(address.startsWith("+47")).toBe(channel === "sms" && address !== "");
      }
    }),
    { numRuns: 500 },
  );
});

test("the same input gives the same notifications, and doing it again adds none", () => {
  fc.assert(
    fc.property(orders, contactsOf, fc.nat(10), (order, contacts, some) => {
      const all = planned(order, contacts);
      const left = all.slice(0, some);
      const completed = [...left, ...newcomersOf(all, left)];
      const { email, sms } = tallyOf(all);

      expect(planned(order, contacts)).toEqual(all);
      expect(newcomersOf(all, all)).toEqual([]);
      expect(completed).toEqual(all);
      expect(email.generated + sms.generated).toBe(all.length);
    }),
  );
});
