import { EmailClient, type EmailMessage } from "@azure/communication-email";
import { expect, test } from "vitest";
import type { LocalInbox } from "../server.ts";
import { anEmail, callAzure, EMAIL_SEND, sendEmail, startTestInbox } from "../test-inbox.ts";

const ID = "5c1a4c1e-0000-4000-8000-000000000001";

const clientOf = (inbox: LocalInbox): EmailClient =>
  new EmailClient(inbox.acsConnectionString, {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  });

const aMessage = (address: string): EmailMessage => ({
  senderAddress: "noreply@example.com",
  headers: { "x-budstikke-shipment": ID },
  content: { subject: "A letter", plainText: "Text", html: "<p>Text</p>" },
  recipients: { to: [{ address, displayName: "Kari" }], cc: [{ address: "cc@example.com" }] },
  attachments: [{ name: "a.txt", contentType: "text/plain", contentInBase64: "aGk=" }],
  replyTo: [{ address: "reply@example.com" }],
  disableUserEngagementTracking: true,
});

const operationStatus = async (inbox: LocalInbox, id: string): Promise<unknown> => {
  const response = await callAzure(inbox, `/emails/operations/${id}?api-version=2025-09-01`);
  return ((await response.json()) as { status: unknown }).status;
};

const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { error: { code: string } }).error.code;

test("the SDK sends an e-mail under its own operation id, and all of it is captured", async () => {
  const { inbox } = await startTestInbox({
    settings: { operationStartsInMs: 0, operationEndsInMs: 0 },
  });

  const poller = await clientOf(inbox).beginSend(aMessage("kari@example.com"), { operationId: ID });
  const result = await poller.pollUntilDone();

  expect(result).toMatchObject({ id: ID, status: "Succeeded" });
  expect(inbox.messages({ to: "KARI@example.com" })).toMatchObject([
    {
      id: ID,
      channel: "email",
      from: "noreply@example.com",
      to: ["kari@example.com"],
      cc: ["cc@example.com"],
      replyTo: ["reply@example.com"],
      subject: "A letter",
      text: "Text",
      html: "<p>Text</p>",
      headers: { "x-budstikke-shipment": ID },
      attachments: [{ name: "a.txt", contentType: "text/plain", sizeInBytes: 2 }],
      status: "Accepted",
    },
  ]);
});

test("an operation has not started, runs, and has succeeded", async () => {
  const { inbox, pass } = await startTestInbox();
  const id = await sendEmail(inbox);

  const before = await operationStatus(inbox, id);
  await pass(50);
  const under = await operationStatus(inbox, id);
  await pass(150);
  const after = await operationStatus(inbox, id);

  expect([before, under, after]).toEqual(["NotStarted", "Running", "Succeeded"]);
});

test("the acceptance tells where the operation is and when to ask", async () => {
  const { inbox } = await startTestInbox();

  const response = await callAzure(inbox, EMAIL_SEND, {
    body: anEmail(),
    headers: { "operation-id": ID },
  });

  expect(response.status).toBe(202);
  expect(response.headers.get("retry-after")).toBe("10");
  expect(response.headers.get("operation-location")).toBe(
    `${inbox.url}/emails/operations/${ID}?api-version=2025-09-01`,
  );
  expect(await response.json()).toEqual({ id: ID, status: "Running", error: null });
});

test("a suppressed recipient fails the operation, which the SDK throws", async () => {
  const { inbox } = await startTestInbox({
    settings: { operationStartsInMs: 0, operationEndsInMs: 0 },
  });

  await expect(clientOf(inbox).beginSend(aMessage("suppressed@example.com"))).rejects.toThrow(
    "EmailDroppedAllRecipientsSuppressed",
  );
  expect(inbox.messages()).toHaveLength(1);
});

test.each([
  ["conflict", 409],
  ["bad-request", 400],
  ["replay", 202],
] as const)(
  "ES-D03: a repeated operation id is one e-mail (%s), and both tries are recorded",
  async (repeatedOperation, status) => {
    const { inbox } = await startTestInbox({ settings: { repeatedOperation } });
    const send = (): Promise<Response> =>
      callAzure(inbox, EMAIL_SEND, { body: anEmail(), headers: { "operation-id": ID } });

    const first = await send();
    const second = await send();

    expect([first.status, second.status]).toEqual([202, status]);
    expect(inbox.messages()).toHaveLength(1);
    expect(inbox.calls().map(({ key, outcome }) => [key, outcome])).toEqual([
      [ID, "accepted"],
      [ID, "repeated"],
    ]);
  },
);

test("only the holder of the key is let in, and only with a fresh request", async () => {
  const { inbox } = await startTestInbox();

  const answers = await Promise.all([
    callAzure(inbox, EMAIL_SEND, { body: anEmail(), key: "d3Jvbmc=" }),
    callAzure(inbox, EMAIL_SEND, { body: anEmail(), date: "Sun, 22 Nov 2020 04:50:44 GMT" }),
    callAzure(inbox, EMAIL_SEND, { body: anEmail(), headers: { "x-ms-content-sha256": "AAAA" } }),
    callAzure(inbox, EMAIL_SEND, { body: anEmail(), headers: { authorization: "" } }),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  expect(inbox.messages()).toEqual([]);
});

test.each([
  ["no JSON", "{", {}, "no JSON"],
  [
    "no recipient",
    JSON.stringify({
      senderAddress: "a@example.com",
      content: { subject: "s", plainText: "t" },
      recipients: {},
    }),
    {},
    "recipients",
  ],
  [
    "no text",
    JSON.stringify({
      senderAddress: "a@example.com",
      content: { subject: "s" },
      recipients: { to: [{ address: "b@example.com" }] },
    }),
    {},
    "plainText or html",
  ],
  ["a bad address", anEmail("kari@"), {}, "Invalid format for email address"],
  ["a bad operation id", anEmail(), { "operation-id": "1" }, "operation-id"],
])(
  "a request with %s is refused with 400 and a reason",
  async (_, body, headers: Record<string, string>, reason) => {
    const { inbox } = await startTestInbox();

    const response = await callAzure(inbox, EMAIL_SEND, { body, headers });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain(reason);
    expect(inbox.messages()).toEqual([]);
  },
);

test("more than 10 MB is refused with 413", async () => {
  const { inbox } = await startTestInbox();

  const response = await callAzure(inbox, EMAIL_SEND, { body: "x".repeat(10 * 1024 * 1024 + 1) });

  expect(response.status).toBe(413);
  expect(await codeOf(response)).toBe("RequestEntityTooLarge");
});

test("ES-D15: a throttled address gets 429 with Retry-After as often as its tag says, then goes through", async () => {
  const { inbox } = await startTestInbox();
  const send = (): Promise<Response> =>
    callAzure(inbox, EMAIL_SEND, {
      body: anEmail("throttled+2@example.com"),
      headers: { "operation-id": ID },
    });

  const answers = [await send(), await send(), await send()];

  expect(answers.map(({ status }) => status)).toEqual([429, 429, 202]);
  expect(answers[0]?.headers.get("retry-after")).toBe("1");
  expect(answers[0]?.headers.get("x-ms-error-code")).toBe("TooManyRequests");
});

test("a connection that breaks after acceptance leaves the message; one that breaks before does not", async () => {
  const { inbox } = await startTestInbox();
  const body = (to: string): { body: string } => ({ body: anEmail(to) });

  await expect(callAzure(inbox, EMAIL_SEND, body("reset-before@example.com"))).rejects.toThrow();
  await expect(callAzure(inbox, EMAIL_SEND, body("reset-after@example.com"))).rejects.toThrow();

  expect(inbox.messages().map(({ to }) => to)).toEqual([["reset-after@example.com"]]);
});

test("the reason of a bad request may stand in the details only", async () => {
  const { inbox } = await startTestInbox();

  const response = await callAzure(inbox, EMAIL_SEND, {
    body: anEmail("invalid-nested@example.com"),
  });
  const { error } = (await response.json()) as {
    error: { message: string; details: { message: string }[] };
  };

  expect(error.message).not.toContain("Invalid format");
  expect(error.details[0]?.message).toContain("Invalid format for email address");
});

test("ES-D01, ES-D02: questions about an operation can fail while the message stays accepted", async () => {
  const { inbox } = await startTestInbox();
  const id = await sendEmail(inbox, "status-missing@example.com");
  inbox.faults.add({ on: "email-status", outcome: "unavailable" });
  const ask = (): Promise<Response> =>
    callAzure(inbox, `/emails/operations/${id}?api-version=2025-09-01`);

  const answers = [await ask(), await ask(), await ask()];

  expect(answers.map(({ status }) => status)).toEqual([503, 404, 200]);
  expect(inbox.messages()).toHaveLength(1);
});

test("quotas per minute refuse what is too much until there is room again", async () => {
  const { inbox, pass } = await startTestInbox({
    settings: { quotas: { emailSend: { perMinute: 2 }, emailStatus: {}, smsSend: {} } },
  });
  const send = (): Promise<Response> => callAzure(inbox, EMAIL_SEND, { body: anEmail() });
  await send();
  await pass(20_000);
  await send();

  const refused = await send();
  await pass(40_000);
  const taken = await send();

  expect([refused.status, refused.headers.get("retry-after"), taken.status]).toEqual([
    429,
    "40",
    202,
  ]);
});

test("a fault over HTTP strikes the next calls whoever their recipients are, and can be taken back", async () => {
  const { inbox } = await startTestInbox();
  const fault = { on: "email-send", outcome: "throttled", count: 5, retryAfterInSeconds: 7 };
  const added = await fetch(`${inbox.url}/faults`, { method: "POST", body: JSON.stringify(fault) });

  const struck = await callAzure(inbox, EMAIL_SEND, { body: anEmail() });
  await fetch(`${inbox.url}/faults`, { method: "DELETE" });
  const free = await callAzure(inbox, EMAIL_SEND, { body: anEmail() });

  expect(added.status).toBe(201);
  expect([struck.status, struck.headers.get("retry-after"), free.status]).toEqual([429, "7", 202]);
});

test("a fault that does not exist is refused with the field's name", async () => {
  const { inbox } = await startTestInbox();

  const response = await fetch(`${inbox.url}/faults`, {
    method: "POST",
    body: JSON.stringify({ on: "email-send", outcome: "flooded" }),
  });

  expect(response.status).toBe(400);
  expect(await response.text()).toContain("outcome");
});
