import { expect, test } from "vitest";
import {
  aSession,
  postXml,
  smsCredentials,
  startReceiver,
  startTestInbox,
  type TestReceiver,
} from "../test-inbox.ts";

const statesOf = ({ reports }: TestReceiver): string[] =>
  reports.flatMap(({ body }) =>
    [...body.matchAll(/<STATE>([^<]*)<\/STATE>/g)].map(([, state = ""]) => state),
  );

const toUcs2 = (text: string): string => Buffer.from(text, "utf16le").swap16().toString("hex");

test("a message is accepted with a reference, and captured as it was meant", async () => {
  const { inbox } = await startTestInbox();

  const response = await postXml(
    inbox,
    aSession([
      { to: "+4799999999", text: "Hei på deg &amp; alle &#230;", more: "<TTL>2880</TTL>" },
    ]),
  );
  const answer = await response.text();
  const [message] = inbox.messages();

  expect(answer).toContain("<LOGON>OK</LOGON>");
  expect(answer).toContain(`<ID>1</ID><REF>${message?.id ?? ""}</REF><STATUS>OK</STATUS>`);
  expect(message).toMatchObject({
    channel: "sms",
    from: "Budstikke",
    to: ["+4799999999"],
    text: "Hei på deg & alle æ",
    encoding: "gsm-7",
    timeToLiveInMinutes: 2880,
  });
});

test("ES-D11: Unicode arrives with OP 9 and is mangled without", async () => {
  const { inbox } = await startTestInbox();

  await postXml(
    inbox,
    aSession([
      { to: "+4799999999", text: toUcs2("Čáhppes 😀"), more: "<OP>9</OP>" },
      { to: "+4799999998", text: "Čáhppes 😀" },
    ]),
  );

  expect(inbox.messages()).toMatchObject([
    { text: "??hppes ?", encoding: "gsm-7", damage: [expect.stringContaining("OP=9")] },
    { text: "Čáhppes 😀", encoding: "ucs-2" },
  ]);
});

test("the bytes are read by the charset of the HTTP header, else by the one declared", async () => {
  const { inbox } = await startTestInbox();
  const body = Buffer.from(aSession([{ to: "+4799999999", text: "blåbær" }]), "latin1");

  await fetch(`${inbox.url}/sms`, {
    method: "POST",
    headers: { "content-type": "text/xml" },
    body,
  });

  expect(inbox.messages()[0]?.text).toBe("blåbær");
});

test("ES-D07: a wrong password is a failed log-on, and nothing is accepted", async () => {
  const { inbox } = await startTestInbox();

  const response = await postXml(
    inbox,
    aSession([{ to: "+4799999999" }], { ...smsCredentials, password: "wrong" }),
  );

  expect(await response.text()).toContain("<LOGON>FAIL</LOGON><REASON>");
  expect(inbox.messages()).toEqual([]);
});

test.each([
  [
    "a short number",
    "12345678",
    "",
    "Invalid RCV '12345678'. Receiver number must be at least 9 digits.",
  ],
  ["a forced refusal", "+4799999931", "", "Invalid RCV '+4799999931'."],
  ["a bad time to live", "+4799999999", "<TTL>soon</TTL>", "Invalid TTL"],
  ["Unicode that is none", "+4799999999", "<OP>9</OP>", "Invalid TEXT"],
])("%s is refused for that message alone", async (_, to, more, info) => {
  const { inbox } = await startTestInbox();

  const response = await postXml(inbox, aSession([{ to, more }, { to: "+4799999990" }]));
  const answer = await response.text();

  expect(answer).toContain(`<ID>1</ID><STATUS>FAIL</STATUS><INFO>${info}`);
  expect(answer).toContain("<ID>2</ID><REF>");
  expect(inbox.messages().map((message) => message.to)).toEqual([["+4799999990"]]);
});

test("a document type is refused, so no entity is ever expanded", async () => {
  const { inbox } = await startTestInbox();
  const bomb = `<!DOCTYPE SESSION [<!ENTITY a "aaaaaaaaaa">]>${aSession([{ to: "+4799999999", text: "&a;" }]).replace(/^<\?.*\?>\s*/, "")}`;

  const response = await postXml(inbox, bomb);

  expect(response.status).toBe(400);
  expect(inbox.messages()).toEqual([]);
});

test.each(["<SESSION>", "no XML", "<OTHER></OTHER>", ""])("%j is no session: 400", async (body) => {
  const { inbox } = await startTestInbox();

  const response = await postXml(inbox, body);

  expect(response.status).toBe(400);
});

test("the gateway can fail as a whole, once, and break after it has accepted", async () => {
  const { inbox } = await startTestInbox();
  const unavailable = aSession([{ to: "+4799999935" }]);

  const first = await postXml(inbox, unavailable);
  const second = await postXml(inbox, unavailable);
  await expect(postXml(inbox, aSession([{ to: "+4799999937" }]))).rejects.toThrow();
  const noReference = await postXml(inbox, aSession([{ to: "+4799999933" }]));
  const logon = await postXml(inbox, aSession([{ to: "+4799999934" }]));

  expect([first.status, second.status]).toEqual([504, 200]);
  expect(inbox.messages({ to: "4799999937" })).toHaveLength(1);
  expect(await noReference.text()).not.toContain("<REF>");
  expect(await logon.text()).toContain("<LOGON>FAIL</LOGON>");
});

test.each([
  ["01", "UNDELIV"],
  ["02", "EXPIRED"],
  ["03", "REJECTD"],
  ["04", "BARRED"],
  ["05", "DELETED"],
  ["06", "FAILED"],
  ["07", "UNKNOWN"],
  ["08", "NULL"],
  ["09", "BARREDA"],
  ["10", "ZEROBAL"],
  ["11", "TELEPRT"],
  ["99", "DELIVRD"],
])("ES-D06: +47 99 99 99 %s is reported as %s", async (digits, state) => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox({}, receiver);
  await postXml(inbox, aSession([{ to: `+47999999${digits}` }]));

  await pass(1000);

  expect(statesOf(receiver)).toEqual([state]);
  expect(inbox.messages()[0]?.status).toBe(state);
});

test("a report is XML with Basic authentication, the reference and Norway's time", async () => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox(
    { reportCredentials: { user: "link", password: "pw" } },
    receiver,
  );
  await postXml(inbox, aSession([{ to: "+4799999999" }]));

  await pass(1000);

  expect(receiver.reports[0]).toMatchObject({
    path: "/sms",
    headers: {
      authorization: `Basic ${Buffer.from("link:pw").toString("base64")}`,
      "content-type": "application/xml; charset=iso-8859-1",
    },
  });
  expect(receiver.reports[0]?.body).toContain(
    `<MSG><ID>1</ID><REF>${inbox.messages()[0]?.id ?? ""}</REF><RCV>4799999999</RCV><STATE>DELIVRD</STATE><DELIVERYTIME>2026.01.05 12:00:00</DELIVERYTIME></MSG>`,
  );
});

test("ES-D10: of several messages in one report, only those that were not acknowledged come again", async () => {
  const onlyFirst =
    '<?xml version="1.0"?><MSGLST><MSG><ID>1</ID><STATUS>OK</STATUS></MSG></MSGLST>';
  const receiver = await startReceiver((_, index) =>
    index === 0 ? { status: 200, body: onlyFirst } : 200,
  );
  const { inbox, pass } = await startTestInbox({ settings: { reportsPerCall: 10 } }, receiver);
  await postXml(inbox, aSession([{ to: "+4799999999" }, { to: "+4799999902" }]));

  await pass(1000);
  await pass(10_000);

  expect(receiver.reports).toHaveLength(2);
  expect(statesOf(receiver)).toEqual(["DELIVRD", "EXPIRED", "EXPIRED"]);
  expect(inbox.messages().map(({ status }) => status)).toEqual(["EXPIRED", "DELIVRD"]);
});

test.each([
  ["500", 500],
  ["200 without STATUS OK", { status: 200, body: "thanks" }],
  ["401", 401],
])("a report answered with %s is sent again", async (_, reply) => {
  const receiver = await startReceiver((__, index) => (index === 0 ? reply : 200));
  const { inbox, pass } = await startTestInbox({}, receiver);
  await postXml(inbox, aSession([{ to: "+4799999999" }]));

  await pass(1000);
  const before = inbox.messages()[0]?.status;
  await pass(10_000);

  expect(receiver.reports).toHaveLength(2);
  expect([before, inbox.messages()[0]?.status]).toEqual(["Accepted", "DELIVRD"]);
});
