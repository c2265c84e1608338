import { describe, expect, test } from "vitest";
import {
  addressesIn,
  anOrder,
  aPerson,
  nobody,
  NOW,
  ORG,
  PERSON,
  planned,
  rules,
} from "../../../test/support/order-builders.ts";
import type { ChannelScheme } from "./order.ts";
import { planNotifications } from "./plan-notifications.ts";

const onlyPhone = { emailAddress: "" };
const onlyMail = { mobileNumber: "" };
const neither = { emailAddress: "", mobileNumber: "" };

describe("what a person gets", () => {
  const cases: readonly [ChannelScheme, string, object, readonly string[]][] = [
    ["Email", "both", {}, ["email elg@example.com"]],
    ["Sms", "both", {}, ["sms +4799999990"]],
    ["EmailPreferred", "both", {}, ["email elg@example.com"]],
    ["EmailPreferred", "a phone", onlyPhone, ["sms +4799999990"]],
    ["SmsPreferred", "both", {}, ["sms +4799999990"]],
    ["SmsPreferred", "an e-mail address", onlyMail, ["email elg@example.com"]],
    ["EmailAndSms", "both", {}, ["email elg@example.com", "sms +4799999990"]],
    ["Email", "a phone", onlyPhone, ["email Failed_RecipientNotIdentified"]],
    ["SmsPreferred", "neither", neither, ["sms Failed_RecipientNotIdentified"]],
    [
      "EmailAndSms",
      "a phone",
      onlyPhone,
      ["email Failed_RecipientNotIdentified", "sms +4799999990"],
    ],
  ];
  test.each(cases)("%s, who has %s", (channelScheme, _who, contact, expected) => {
    const order = { channelScheme, recipients: [{ nationalIdentityNumber: PERSON }] };

    expect(addressesIn(planned(order, aPerson(contact)))).toEqual(expected);
  });
});

test("NO-D48: who is reserved gets nothing but a note, unless the order ignores that", () => {
  const order = { recipients: [{ nationalIdentityNumber: PERSON }] };
  const reserved = aPerson({ isReserved: true });

  expect(addressesIn(planned(order, reserved))).toEqual(["email Failed_RecipientReserved"]);
  expect(addressesIn(planned({ ...order, ignoreReservation: true }, reserved))).toEqual([
    "email elg@example.com",
  ]);
});

describe("what a business gets", () => {
  const organization = {
    organizationNumber: ORG,
    emailAddresses: ["post@example.com", "POST@example.com", "no address"],
    mobileNumbers: ["99999998", "12"],
  };
  const contacts = {
    organizations: new Map([[ORG, organization]]),
    users: new Map([
      [
        ORG,
        [
          { userId: 1, emailAddress: "elg@example.com", mobileNumber: "+4799999991" },
          { userId: 2, emailAddress: "ELG@example.com", mobileNumber: "+4799999992" },
          { userId: 3, emailAddress: "post@example.com" },
        ],
      ],
    ]),
  };
  const recipients = [{ organizationNumber: ORG }];

  test("its own addresses and those of its users, each once, in normal form", () => {
    expect(addressesIn(planned({ recipients, channelScheme: "Email" }, contacts))).toEqual([
      "email post@example.com",
      "email elg@example.com",
    ]);
    expect(addressesIn(planned({ recipients, channelScheme: "Sms" }, contacts))).toEqual([
      "sms +4799999998",
      "sms +4799999991",
      "sms +4799999992",
    ]);
  });

  test("preference is decided for the business and for each user on its own", () => {
    expect(addressesIn(planned({ recipients, channelScheme: "EmailPreferred" }, contacts))).toEqual(
      ["email post@example.com", "email elg@example.com", "sms +4799999992"],
    );
  });

  test("NO-D17: users alone are enough", () => {
    const { users } = contacts;

    expect(addressesIn(planned({ recipients, channelScheme: "Email" }, { users }))).toContain(
      "email elg@example.com",
    );
  });
});

test("NO-D16: a list with the same address twice, and with both kinds for one, is told once", () => {
  const recipients = [
    { emailAddress: "a@example.com", mobileNumber: "+4799999991" },
    { emailAddress: "A@example.com" },
    { mobileNumber: "+4799999992" },
    { mobileNumber: "+4799999992" },
  ];

  expect(addressesIn(planned({ recipients }))).toEqual(["email a@example.com", "sms +4799999992"]);
});

test("NO-D52: recipients without an id of any register are all kept", () => {
  const recipients = [{ emailAddress: "a@example.com" }, { mobileNumber: "+4799999992" }];

  expect(addressesIn(planned({ recipients, channelScheme: "EmailAndSms" }))).toEqual([
    "email a@example.com",
    "sms +4799999992",
  ]);
});

test("NO-D14: a channel without a text is not used", () => {
  const order = anOrder(NOW, {
    channelScheme: "EmailAndSms",
    recipients: [{ nationalIdentityNumber: PERSON }],
  });

  expect(addressesIn(planNotifications(order, { ...nobody, ...aPerson() }, NOW, rules))).toEqual([
    "email elg@example.com",
  ]);
});
