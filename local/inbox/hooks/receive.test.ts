import { expect, test } from "vitest";
import { startTestInbox } from "../test-inbox.ts";

const call = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: "POST", headers, body: '{"id":"1"}' });

test("a webhook call is captured with its headers, body and signature", async () => {
  const { inbox } = await startTestInbox();
  const waiting = fetch(`${inbox.url}/hooks?name=mine&wait=10`);

  const response = await call(`${inbox.url}/hooks/mine`, { "webhook-signature": "v1,abc" });

  expect(response.status).toBe(200);
  expect(await (await waiting).json()).toMatchObject({
    calls: [
      {
        name: "mine",
        method: "POST",
        body: { id: "1" },
        signature: "v1,abc",
        headers: { "webhook-signature": "v1,abc" },
        answer: "200",
      },
    ],
    next: 1,
  });
});

test("the address says how the call is answered, and which of the calls", async () => {
  const { inbox } = await startTestInbox();
  const url = `${inbox.url}/hooks/mine?status=500&from=2&times=1`;

  const answers = [await call(url), await call(url), await call(url)];

  expect(answers.map(({ status }) => status)).toEqual([200, 500, 200]);
  expect(inbox.hookCalls({ name: "mine" })).toHaveLength(3);
});

test("an answer can be late, or never come", async () => {
  const { inbox, pass } = await startTestInbox();
  const late = call(`${inbox.url}/hooks/mine?delay=60000`);
  const never = fetch(`${inbox.url}/hooks/mine?hang`, {
    method: "POST",
    signal: AbortSignal.timeout(200),
  });

  await expect(never).rejects.toThrow();
  await pass(60_000);

  expect((await late).status).toBe(200);
  expect(inbox.hookCalls()).toHaveLength(2);
});

test("the handshake of CloudEvents is answered", async () => {
  const { inbox } = await startTestInbox();

  const response = await fetch(`${inbox.url}/hooks/mine`, {
    method: "OPTIONS",
    headers: { "webhook-request-origin": "budstikke.example.com" },
  });

  expect(response.headers.get("webhook-allowed-origin")).toBe("budstikke.example.com");
  expect(inbox.hookCalls()).toEqual([]);
});

test("captured calls are shown escaped, and can be forgotten", async () => {
  const { inbox } = await startTestInbox();
  await fetch(`${inbox.url}/hooks/mine`, { method: "POST", body: "<script>alert(1)</script>" });

  const page = await (await fetch(`${inbox.url}/webhooks?name=mine`)).text();
  await fetch(`${inbox.url}/hooks`, { method: "DELETE" });

  expect(page).toContain("&lt;script&gt;alert(1)");
  expect(page).not.toContain("<script>alert");
  expect(inbox.hookCalls()).toEqual([]);
});
