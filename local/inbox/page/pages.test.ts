import { get } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  anEmail,
  callAzure,
  EMAIL_SEND,
  sendEmail,
  startReceiver,
  startTestInbox,
} from "../test-inbox.ts";
import { html } from "../../html.ts";

const SCRIPT = "<script>alert(1)</script>";

const read = async (url: string): Promise<{ readonly text: string; readonly headers: Headers }> => {
  const response = await fetch(url);
  return { text: await response.text(), headers: response.headers };
};

const anHtmlEmail = JSON.stringify({
  senderAddress: "noreply@example.com",
  headers: { "x-budstikke-shipment": "5c1a4c1e-0000-4000-8000-000000000001" },
  content: { subject: SCRIPT, html: `<p>Hei</p>${SCRIPT}` },
  recipients: { to: [{ address: "kari@example.com" }] },
  attachments: [
    {
      name: 'a"<b>.html',
      contentType: "text/html",
      contentInBase64: Buffer.from(SCRIPT).toString("base64"),
    },
  ],
});

test("what is written into a page never opens a tag or ends an attribute", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", "a", "/") }), (text) => {
      const { markup } = html`<p title="${text}">${text}</p>`;

      expect(markup.match(/[<>"']/g)).toHaveLength(
        '<p title=""></p>'.match(/[<>"']/g)?.length ?? 0,
      );
    }),
  );
});

test("the list shows messages newest first, escaped, with status history and a link to the order", async () => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox({}, receiver);
  await callAzure(inbox, EMAIL_SEND, { body: anHtmlEmail });
  await callAzure(inbox, EMAIL_SEND, { body: anEmail("bounced@example.com", "Second") });
  await pass(1000);

  const { text, headers } = await read(inbox.url);

  expect(text.indexOf("Second")).toBeLessThan(text.indexOf("&lt;script&gt;alert(1)"));
  expect(text).not.toContain(SCRIPT);
  expect(text).toContain("Sent: Bounced (attempt 1). Answer: HTTP 200");
  expect(text).toContain(
    `href="${receiver.url}/notifications/api/v1/future/shipment/5c1a4c1e-0000-4000-8000-000000000001"`,
  );
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
});

test("the HTML of an e-mail is shown in a sandbox only, under a policy that runs and loads nothing", async () => {
  const { inbox } = await startTestInbox();
  await callAzure(inbox, EMAIL_SEND, { body: anHtmlEmail });

  const page = await read(`${inbox.url}/view/1`);
  const frame = await read(`${inbox.url}/view/1/html`);
  const attachment = await read(`${inbox.url}/messages/1/attachments/0`);

  expect(page.text).not.toContain(SCRIPT);
  expect(page.text).toMatch(/<iframe\s+sandbox=""\s+src="\/view\/1\/html"/);
  expect(frame.headers.get("content-security-policy")).toMatch(
    /^sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:/,
  );
  expect(attachment.headers.get("content-disposition")).toBe(
    "attachment; filename*=UTF-8''a%22%3Cb%3E.html",
  );
  expect(attachment.headers.get("content-type")).toBe("application/octet-stream");
});

test("the list can be narrowed to a channel and to recipients", async () => {
  const { inbox } = await startTestInbox();
  await sendEmail(inbox, "kari@example.com");
  await sendEmail(inbox, "ola@example.com");

  const [found, none] = await Promise.all([
    read(`${inbox.url}/?q=ola&channel=email`),
    read(`${inbox.url}/?q=ola&channel=sms`),
  ]);

  expect(found.text).toContain("ola@example.com");
  expect(found.text).not.toContain("kari@example.com");
  expect(none.text).toContain("0 messages");
});

test("the table of forced outcomes names addresses and numbers", async () => {
  const { inbox } = await startTestInbox();

  const { text } = await read(`${inbox.url}/help`);

  expect(text).toContain("bounced@…");
  expect(text).toContain("+47 99 99 99 01");
});

test("JSON is filtered by recipient, channel and what was seen before", async () => {
  const { inbox } = await startTestInbox();
  await sendEmail(inbox, "kari@example.com");
  await sendEmail(inbox, "ola@example.com");
  const list = async (query: string): Promise<unknown> =>
    (await fetch(`${inbox.url}/messages?${query}`)).json();

  expect(await list("to=Kari@example.com")).toMatchObject({ messages: [{ number: 1 }], next: 1 });
  expect(await list("channel=sms")).toEqual({ messages: [], next: 0 });
  expect(await list("since=1")).toMatchObject({ messages: [{ number: 2 }], next: 2 });
  expect(await list("since=2026-01-05T12:00:00Z")).toEqual({ messages: [], next: 0 });
  expect((await fetch(`${inbox.url}/messages?channel=pigeon`)).status).toBe(400);
});

test("a caller can wait for a message, and for its status", async () => {
  const receiver = await startReceiver();
  const { inbox, pass } = await startTestInbox({}, receiver);
  const arrival = fetch(`${inbox.url}/messages?to=kari@example.com&wait=10`);
  const id = await sendEmail(inbox);
  const arrived = await (await arrival).json();
  const delivery = fetch(`${inbox.url}/messages/${id}?status=Delivered&wait=10`);
  await pass(1000);

  expect(arrived).toMatchObject({ messages: [{ id, status: "Accepted" }] });
  expect(await (await delivery).json()).toMatchObject({ id, status: "Delivered" });
});

test("forgotten messages are gone, and their numbers are not given again", async () => {
  const { inbox } = await startTestInbox();
  await sendEmail(inbox);

  const response = await fetch(`${inbox.url}/messages`, { method: "DELETE" });
  await sendEmail(inbox);

  expect(response.status).toBe(204);
  expect(inbox.messages().map(({ number }) => number)).toEqual([2]);
});

test.each([{ host: "evil.example.com" }, { origin: "https://evil.example.com" }])(
  "a page elsewhere can neither read nor act: %j",
  async (headers) => {
    const { inbox } = await startTestInbox();

    const status = await new Promise((resolve) => {
      get(inbox.url, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
    });

    expect(status).toBe(421);
  },
);
