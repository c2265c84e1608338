import { expect, test } from "vitest";
import type { LocalInbox } from "../server.ts";
import { callAzure, startReceiver, startTestInbox } from "../test-inbox.ts";

interface RecipientAnswer {
  readonly to: string;
  readonly httpStatusCode: number;
  readonly successful: boolean;
  readonly messageId?: string;
  readonly errorMessage?: string;
}

interface SmsInput {
  readonly to: readonly string[];
  readonly message?: string;
  readonly requestId?: string;
}

async function sendSms(
  inbox: LocalInbox,
  { to, message = "Hei", requestId }: SmsInput,
): Promise<readonly RecipientAnswer[]> {
  const repeatabilityFirstSent = "Mon, 05 Jan 2026 11:00:00 GMT";
  const response = await callAzure(inbox, "/sms?api-version=2021-03-07", {
    body: JSON.stringify({
      from: "Budstikke",
      smsRecipients: to.map((number) => ({
        to: number,
        ...(requestId !== undefined && {
          repeatabilityRequestId: requestId,
          repeatabilityFirstSent,
        }),
      })),
      message,
      smsSendOptions: { enableDeliveryReport: true, tag: "t1" },
    }),
  });
  return ((await response.json()) as { value: RecipientAnswer[] }).value;
}

const REQUEST_ID = "11111111-0000-4000-8000-000000000001";

test("each recipient has an answer of its own", async () => {
  const { inbox } = await startTestInbox();

  const answers = await sendSms(inbox, { to: ["+4799999999", "+47", "+4799999939"] });

  expect(answers).toMatchObject([
    { to: "+4799999999", httpStatusCode: 202, successful: true },
    { to: "+47", httpStatusCode: 400, errorMessage: "Invalid To phone number format." },
    { to: "+4799999939", httpStatusCode: 429, successful: false },
  ]);
  expect(inbox.messages()).toMatchObject([{ id: answers[0]?.messageId, text: "Hei", tag: "t1" }]);
});

test("the report comes through Event Grid", async () => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox({}, receiver);
  const [answer] = await sendSms(inbox, { to: ["+4799999902"] });

  await pass(1000);

  expect(receiver.reports[0]?.path).toBe("/acs-sms");
  expect(JSON.parse(receiver.reports[0]?.body ?? "")).toMatchObject([
    {
      eventType: "Microsoft.Communication.SMSDeliveryReportReceived",
      data: {
        messageId: answer?.messageId,
        to: "+4799999902",
        deliveryStatus: "Failed",
        tag: "t1",
      },
    },
  ]);
  expect(inbox.messages()[0]?.status).toBe("Failed");
});

test("a repeated request gets the first answer and sends nothing", async () => {
  const { inbox } = await startTestInbox();
  const sms = { to: ["+4799999999"], requestId: REQUEST_ID };

  const first = await sendSms(inbox, sms);
  const second = await sendSms(inbox, sms);
  const other = await sendSms(inbox, { ...sms, message: "Something else" });

  expect(second).toEqual(first);
  expect(other).toMatchObject([{ httpStatusCode: 400, successful: false }]);
  expect(inbox.messages()).toHaveLength(1);
});

test("a repetition after five minutes is rejected", async () => {
  const { inbox, pass } = await startTestInbox();
  await pass(6 * 60_000);

  const answers = await sendSms(inbox, { to: ["+4799999999"], requestId: REQUEST_ID });

  expect(answers).toMatchObject([{ httpStatusCode: 412, successful: false }]);
});

test("a stranger is denied", async () => {
  const { inbox } = await startTestInbox();

  const response = await callAzure(inbox, "/sms?api-version=2021-03-07", {
    body: "{}",
    key: "AAAA",
  });

  expect(response.status).toBe(401);
});
