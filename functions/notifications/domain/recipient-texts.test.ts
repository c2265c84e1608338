import { describe, expect, test } from "vitest";
import { aPerson, ORG, PERSON, planned } from "../../../test/support/order-builders.ts";
import type { Contacts } from "./contacts.ts";
import type { Order } from "./order.ts";

describe("words that stand for the recipient", () => {
  const email = {
    senderAddress: "noreply@example.com",
    subject: "To $recipientName$",
    body: "<p>$recipientName$, $recipientNumber$</p>",
    contentType: "Html" as const,
  };
  const sms = {
    sender: "x",
    body: "$recipientName$ $recipientNumber$",
    policy: "Anytime" as const,
  };
  const textsOf = (order: Partial<Order>, contacts: Partial<Contacts>) =>
    planned({ channelScheme: "EmailAndSms", email, sms, ...order }, contacts).map(
      ({ subject, body }) => [subject, body],
    );

  test("a business has a name and a number, and its name is no markup", () => {
    const contacts = {
      organizations: new Map([
        [
          ORG,
          {
            organizationNumber: ORG,
            emailAddresses: ["post@example.com"],
            mobileNumbers: ["+4799999998"],
          },
        ],
      ]),
      names: new Map([[ORG, "Fjell & <b>Fjord</b> $recipientNumber$"]]),
    };

    expect(textsOf({ recipients: [{ organizationNumber: ORG }] }, contacts)).toEqual([
      [
        "To Fjell & <b>Fjord</b> $recipientNumber$",
        `<p>Fjell &amp; &lt;b&gt;Fjord&lt;/b&gt; $recipientNumber$, ${ORG}</p>`,
      ],
      [undefined, `Fjell & <b>Fjord</b> $recipientNumber$ ${ORG}`],
    ]);
  });

  test("a person has a name and no number", () => {
    const contacts = { ...aPerson(), names: new Map([[PERSON, "Modig Elg"]]) };
    const order = { recipients: [{ nationalIdentityNumber: PERSON }] };

    expect(textsOf(order, contacts)).toEqual([
      ["To Modig Elg", "<p>Modig Elg, </p>"],
      [undefined, "Modig Elg "],
    ]);
  });

  test("NO-D32: somebody outside the registers gets a name where one is known, and never a placeholder", () => {
    const named = "urn:altinn:party:username:gammel%20bruker";
    const unnamed = "urn:altinn:person:idporten-email:a@example.com";
    const point = { emailAddress: "a@example.com" };
    const textFor = (externalIdentity: string, name?: string) =>
      textsOf(
        { channelScheme: "Email", recipients: [{ externalIdentity }] },
        {
          externals: new Map([
            [externalIdentity, { ...point, externalIdentity, ...(name !== undefined && { name }) }],
          ]),
        },
      )[0]?.[0];

    expect(textFor(named)).toBe("To gammel bruker");
    expect(textFor(unnamed)).toBe("To ");
    expect(textFor(unnamed, "Selvstendig Elg")).toBe("To Selvstendig Elg");
  });

  test("a bare address, and a party without a name in Register, keep the words", () => {
    expect(textsOf({ recipients: [{ emailAddress: "a@example.com" }] }, {})).toEqual([
      [undefined, undefined],
    ]);
    expect(
      textsOf(
        { channelScheme: "Email", recipients: [{ nationalIdentityNumber: PERSON }] },
        aPerson(),
      ),
    ).toEqual([[undefined, undefined]]);
  });
});

test("an SMS that is too long for sixteen parts is cut, and its notification says so", () => {
  const sms = { sender: "x", body: "a".repeat(2449), policy: "Anytime" as const };
  const recipients = [{ mobileNumber: "+4799999992" }];

  const [notification] = planned({ channelScheme: "Sms", sms, recipients });

  expect(notification?.body).toHaveLength(2448);
  expect(notification?.reports).toMatchObject([{ status: "New", detail: "cut-to-16-parts" }]);
});
