import { expect, test } from "vitest";
import { sendEmail, startReceiver, startTestInbox, type TestReceiver } from "../test-inbox.ts";

const MINUTE = 60_000;

interface Report {
  readonly id: string;
  readonly eventType: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const eventsOf = ({ reports }: TestReceiver): readonly Report[] =>
  reports.map(({ body }) => (JSON.parse(body) as [Report])[0]);

const statusesOf = (receiver: TestReceiver): unknown[] =>
  eventsOf(receiver).map(({ data }) => data["status"]);

test("the receiver is asked for its consent before the first report", async () => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox({}, receiver);
  const id = await sendEmail(inbox);

  await pass(MINUTE);

  expect(receiver.handshakes).toHaveLength(2);
  expect(receiver.reports[0]?.headers).toMatchObject({
    "aeg-event-type": "Notification",
    "aeg-delivery-count": "0",
    "content-type": "application/json; charset=utf-8",
  });
  expect(eventsOf(receiver)).toMatchObject([
    {
      eventType: "Microsoft.Communication.EmailDeliveryReportReceived",
      subject: `sender/noreply@example.com/message/${id}`,
      data: { messageId: id, recipient: "kari@example.com", status: "Delivered" },
    },
  ]);
  expect(inbox.message(id)?.status).toBe("Delivered");
});

test("a receiver that does not agree gets no report until it does", async () => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox();
  inbox.setReportTargets({ email: "http://127.0.0.1:9/email", sms: "http://127.0.0.1:9/sms" });
  await sendEmail(inbox);
  await pass(MINUTE);

  inbox.setReportTargets({ email: `${receiver.url}/email`, sms: `${receiver.url}/sms` });
  await inbox.settled();

  expect(statusesOf(receiver)).toEqual(["Delivered"]);
});

test("CloudEvents have their own handshake, content type and shape", async () => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox(
    { settings: { reportSchema: "cloud-events" } },
    receiver,
  );
  const id = await sendEmail(inbox);

  await pass(MINUTE);

  expect(receiver.handshakes[0]).toMatchObject({
    method: "OPTIONS",
    headers: { "webhook-request-origin": "eventgrid.azure.net" },
  });
  expect(receiver.reports[0]?.headers["content-type"]).toBe(
    "application/cloudevents+json; charset=utf-8",
  );
  expect(JSON.parse(receiver.reports[0]?.body ?? "")).toMatchObject({
    specversion: "1.0",
    type: "Microsoft.Communication.EmailDeliveryReportReceived",
    data: { messageId: id, deliveryAttemptTimestamp: "2026-01-05T11:00:00.400Z" },
  });
});

test.each([
  ["bounced", "Bounced"],
  ["suppressed", "Suppressed"],
  ["spam", "FilteredSpam"],
  ["quarantined", "Quarantined"],
  ["failed", "Failed"],
  ["expanded", "Expanded"],
  ["unheard", "Teleported"],
  ["lowercase", "delivered"],
])("ES-D06: a message to %s@ is reported as %s", async (name, status) => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox({}, receiver);
  const id = await sendEmail(inbox, `${name}+tag@example.com`);

  await pass(MINUTE);

  expect(statusesOf(receiver)).toEqual([status]);
  expect(inbox.message(id)?.status).toBe(status);
});

test("what is not taken is sent again after 10 and 30 seconds, with the count of attempts", async () => {
  const receiver = await startReceiver((_, index) => (index < 2 ? 500 : 202));
  const { inbox, pass } = await startTestInbox({}, receiver);
  const id = await sendEmail(inbox);

  await pass(400);
  await pass(9_999);
  const afterOne = receiver.reports.length;
  await pass(1);
  await pass(29_999);
  const afterTwo = receiver.reports.length;
  await pass(1);

  expect([afterOne, afterTwo, receiver.reports.length]).toEqual([1, 2, 3]);
  expect(receiver.reports.map(({ headers }) => headers["aeg-delivery-count"])).toEqual([
    "0",
    "1",
    "2",
  ]);
  expect(new Set(eventsOf(receiver).map((event) => event.id)).size).toBe(1);
  expect(inbox.message(id)).toMatchObject({ status: "Delivered" });
});

test.each([400, 401, 403, 413])(
  "an answer of %d ends the report as a dead letter",
  async (status) => {
    const receiver = await startReceiver(() => status);
    const { inbox, pass } = await startTestInbox({}, receiver);
    const id = await sendEmail(inbox);

    await pass(25 * 60 * MINUTE);
    const listed = await (await fetch(`${inbox.url}/dead-letters`)).json();

    expect(receiver.reports).toHaveLength(1);
    expect(listed).toMatchObject({
      deadLetters: [
        {
          eventType: "Microsoft.Communication.EmailDeliveryReportReceived",
          deadLetterReason: "NotRetriable",
          deliveryAttempts: 1,
          lastDeliveryOutcome: `HTTP ${status}`,
        },
      ],
    });
    expect(inbox.message(id)?.status).toBe("Accepted");
  },
);

test("after a day of failures a report is given up", async () => {
  const receiver = await startReceiver(() => 500);
  const { inbox, pass } = await startTestInbox({}, receiver);
  await sendEmail(inbox);

  await [400, 10_000, 30_000, ...Array.from({ length: 30 }, () => 60 * MINUTE)].reduce(
    (before, wait) => before.then(() => pass(wait)),
    Promise.resolve(),
  );

  expect(inbox.deadLetters()).toMatchObject([{ deadReason: "TimeToLiveExceeded" }]);
});

test("a redelivery schedule can be scaled down", async () => {
  const receiver = await startReceiver((_, index) => (index < 1 ? 500 : 202));
  const { inbox, pass } = await startTestInbox({ settings: { retryFactor: 0.01 } }, receiver);
  await sendEmail(inbox);

  await pass(400);
  await pass(100);

  expect(receiver.reports).toHaveLength(2);
});

test("twice@ gets the same event twice", async () => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox({}, receiver);
  await sendEmail(inbox, "twice@example.com");

  await pass(MINUTE);

  const [first, second, ...more] = eventsOf(receiver);
  expect(first).toEqual(second);
  expect(more).toEqual([]);
});

test("ES-D04: reordered@ gets the later report first", async () => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox({}, receiver);
  await sendEmail(inbox, "reordered@example.com");

  await pass(400);
  await pass(100);

  const [first, second] = eventsOf(receiver).map(({ data }) => data);
  expect([first?.["status"], second?.["status"]]).toEqual(["Delivered", "Bounced"]);
  expect(
    String(second?.["deliveryAttemptTimeStamp"]) < String(first?.["deliveryAttemptTimeStamp"]),
  ).toBe(true);
});

test("early@ is reported on before the call is answered", async () => {
  const receiver = await startReceiver();
  const { inbox } = await startTestInbox({}, receiver);

  const id = await sendEmail(inbox, "early@example.com");

  expect(eventsOf(receiver)).toMatchObject([{ data: { messageId: id } }]);
});

test("silent@ is never reported on, late@ a minute later", async () => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox({}, receiver);
  await sendEmail(inbox, "silent@example.com");
  const late = await sendEmail(inbox, "late@example.com");

  await pass(MINUTE);
  const early = receiver.reports.length;
  await pass(MINUTE);

  expect(early).toBe(0);
  expect(eventsOf(receiver)).toMatchObject([{ data: { messageId: late } }]);
});

test("stranger@ and garbage@ send what belongs to no message, then the report", async () => {
  const receiver = await startReceiver(({ body }) => (body.endsWith("]") ? 202 : 400));
  const { inbox, pass } = await startTestInbox({}, receiver);
  const id = await sendEmail(inbox, "stranger@example.com");
  await sendEmail(inbox, "garbage@example.com");

  await pass(MINUTE);

  const bodies = receiver.reports.map(({ body }) => body);
  expect(bodies).toHaveLength(4);
  expect(bodies.filter((body) => body.startsWith("{"))).toHaveLength(1);
  expect(bodies.filter((body) => body.includes("messageId") && !body.includes(id))).toHaveLength(2);
  expect(inbox.messages().map(({ status }) => status)).toEqual(["Delivered", "Delivered"]);
});

test("a fault can be aimed at one recipient", async () => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox({}, receiver);
  inbox.faults.add({ on: "email-send", outcome: "bounced", recipient: "ola@example.com" });
  await sendEmail(inbox, "kari@example.com");
  await sendEmail(inbox, "ola@example.com");

  await pass(MINUTE);

  const told = eventsOf(receiver).map(({ data }) => [data["recipient"], data["status"]]);
  expect(told.sort()).toEqual([
    ["kari@example.com", "Delivered"],
    ["ola@example.com", "Bounced"],
  ]);
});
