import { expect, test } from "vitest";
import { toRequest, toSendAnswer } from "./link-sms-xml.ts";

const account = { user: "user", password: "p<&>w" };

const request = (overrides: object = {}): string =>
  toRequest(account, {
    operationId: "5c1a4c1e-0000-4000-8000-000000000001",
    sender: "Budstikke",
    number: "+4799999990",
    body: "Hei på deg",
    timeToLiveInSeconds: 3600,
    firstSentAt: 0,
    ...overrides,
  });

test.each([
  [1, 1],
  [29, 1],
  [60, 1],
  [61, 2],
  [172_800, 2880],
])(
  "ES-D09: a time to live of %i s is %i min: never 0, which would be the gateway's own",
  (s, min) => {
    expect(request({ timeToLiveInSeconds: s })).toContain(`<TTL>${min}</TTL>`);
  },
);

test("ES-D11: text outside of the GSM alphabet goes as UCS-2 in hexadecimal, and says so", () => {
  const xml = request({ body: "č😀" });

  expect(xml).toContain("<TEXT>010dd83dde00</TEXT>");
  expect(xml).toContain("<OP>9</OP>");
  expect(request()).not.toContain("<OP>");
});

test("what is put into the request cannot become a part of it", () => {
  const xml = request({ body: "</TEXT><RCV>4799999999</RCV>", sender: "A&\u0000B" });

  expect(xml).toContain("<TEXT>&lt;/TEXT&gt;&lt;RCV&gt;4799999999&lt;/RCV&gt;</TEXT>");
  expect(xml).toContain("<SND>A&amp;B</SND>");
  expect(xml).toContain("<PW>p&lt;&amp;&gt;w</PW>");
  expect(xml).toContain("<RCV>4799999990</RCV>");
});

const answer = (inner: string): string =>
  `<?xml version="1.0"?><SESSION><LOGON>OK</LOGON><REASON></REASON><MSGLST>${inner}</MSGLST></SESSION>`;

test.each([
  [
    answer("<MSG><ID>1</ID><REF>984342374</REF><STATUS>OK</STATUS><INFO></INFO></MSG>"),
    { kind: "accepted", reference: "984342374" },
  ],
  [answer("<MSG><ID>1</ID><STATUS>OK</STATUS></MSG>"), { kind: "accepted" }],
  [
    answer(
      "<MSG><ID>1</ID><STATUS>FAIL</STATUS><INFO>Invalid RCV '12345678'. Too short.</INFO></MSG>",
    ),
    { kind: "rejected", status: "Failed_InvalidRecipient", detail: "Invalid RCV '…'. Too short." },
  ],
  [
    "<SESSION><LOGON>FAIL</LOGON><REASON>Wrong password</REASON></SESSION>",
    { kind: "unavailable", reason: "The SMS gateway refuses us: Wrong password" },
  ],
  ["<html>Bad gateway</html>", { kind: "unknown" }],
  ["", { kind: "unknown" }],
  [answer(""), { kind: "unknown" }],
])("ES-D07: the gateway's answer %s means what it says, and no more", (xml, expected) => {
  expect(toSendAnswer(xml)).toMatchObject(expected);
});
