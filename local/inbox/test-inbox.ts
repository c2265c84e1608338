/** An inbox and a receiver of its reports, for one test. */
import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { ACCESS_KEY } from "./acs/authorize.ts";
import { type InboxOptions, type LocalInbox, startInbox } from "./server.ts";

export const smsCredentials = { user: "someone", password: "not-a-secret" };

export interface ReceivedReport {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver answers: a status, or a status with a body. */
export type ReceiverReply = number | { readonly status: number; readonly body: string };

export interface TestReceiver {
  readonly url: string;
  /** Without handshakes. */
  readonly reports: readonly ReceivedReport[];
  readonly handshakes: readonly ReceivedReport[];
}

const acknowledge = (body: string): string => {
  const ids = [...body.matchAll(/<ID>(\d+)<\/ID>/g)].map(([, id = ""]) => id);
  const messages = ids.map((id) => `<MSG><ID>${id}</ID><STATUS>OK</STATUS></MSG>`);
  return `<?xml version="1.0"?><MSGLST>${messages.join("")}</MSGLST>`;
};

const isHandshake = ({ method, headers }: ReceivedReport): boolean =>
  method === "OPTIONS" || headers["aeg-event-type"] === "SubscriptionValidation";

function handshakeReply({ method, body }: ReceivedReport): ReceiverReply {
  if (method === "OPTIONS") return 200;
  const [event] = JSON.parse(body) as [{ data: { validationCode: string } }];
  const validationResponse = event.data.validationCode;
  return { status: 200, body: JSON.stringify({ validationResponse }) };
}

/** @param reply by default everything is taken */
export async function startReceiver(
  reply: (report: ReceivedReport, index: number) => ReceiverReply | Promise<ReceiverReply> = () =>
    200,
): Promise<TestReceiver> {
  const reports: ReceivedReport[] = [];
  const handshakes: ReceivedReport[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const report: ReceivedReport = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      const isAsked = isHandshake(report);
      const index = (isAsked ? handshakes : reports).push(report) - 1;
      void Promise.resolve(isAsked ? handshakeReply(report) : reply(report, index)).then((said) => {
        const status = typeof said === "number" ? said : said.status;
        response.writeHead(status, { "webhook-allowed-origin": "eventgrid.azure.net" });
        response.end(typeof said === "number" ? acknowledge(report.body) : said.body);
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, reports, handshakes };
}

export interface TestInbox {
  readonly inbox: LocalInbox;
  readonly clock: VirtualClock;
  /** Moves time on and waits for the reports that fall due. */
  readonly pass: (inMs: number) => Promise<void>;
}

export async function startTestInbox(
  options: Partial<InboxOptions> = {},
  receiver?: TestReceiver,
): Promise<TestInbox> {
  const clock = createVirtualClock();
  const inbox = await startInbox({ port: 0, clock, file: ":memory:", smsCredentials, ...options });
  onTestFinished(() => inbox.stop());
  if (receiver) {
    inbox.setReportTargets({
      email: `${receiver.url}/email`,
      sms: `${receiver.url}/sms`,
      acsSms: `${receiver.url}/acs-sms`,
    });
    await inbox.settled();
  }
  return {
    inbox,
    clock,
    async pass(inMs) {
      await clock.advance(inMs);
      await inbox.settled();
    },
  };
}

/** A request to Azure's interface, signed as the SDK signs. */
export function callAzure(
  inbox: LocalInbox,
  path: string,
  {
    body,
    headers = {},
    key = ACCESS_KEY,
    date = new Date(Date.now()).toUTCString(), // eslint-disable-line no-restricted-syntax -- as the SDK stamps
  }: { body?: string; headers?: Record<string, string>; key?: string; date?: string } = {},
): Promise<Response> {
  const method = body === undefined ? "GET" : "POST";
  const { host } = new URL(inbox.url);
  const hash = createHash("sha256")
    .update(body ?? "")
    .digest("base64");
  const signature = createHmac("sha256", Buffer.from(key, "base64"))
    .update(`${method}\n${path}\n${date};${host};${hash}`)
    .digest("base64");
  return fetch(inbox.url + path, {
    method,
    ...(body !== undefined && { body }),
    headers: {
      "content-type": "application/json",
      "x-ms-date": date,
      "x-ms-content-sha256": hash,
      authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
      ...headers,
    },
  });
}

export const anEmail = (to = "kari@example.com", subject = "A letter"): string =>
  JSON.stringify({
    senderAddress: "noreply@example.com",
    content: { subject, plainText: "You have got a letter." },
    recipients: { to: [{ address: to }] },
  });

export const EMAIL_SEND = "/emails:send?api-version=2025-09-01";

/** @returns the operation id */
export async function sendEmail(inbox: LocalInbox, to?: string): Promise<string> {
  const response = await callAzure(inbox, EMAIL_SEND, { body: anEmail(to) });
  if (response.status !== 202) throw new Error(`The e-mail got ${response.status}.`);
  return ((await response.json()) as { id: string }).id;
}

export interface LinkMessageInput {
  readonly to: string;
  readonly text?: string;
  /** More elements. */
  readonly more?: string;
}

export const aSession = (
  messages: readonly LinkMessageInput[],
  { user, password } = smsCredentials,
): string => {
  const list = messages.map(
    ({ to, text = "Hei", more = "" }, index) =>
      `<MSG><ID>${index + 1}</ID><TEXT>${text}</TEXT><SND>Budstikke</SND><RCV>${to}</RCV>${more}</MSG>`,
  );
  return `<?xml version="1.0" encoding="iso-8859-1"?>
<SESSION><CLIENT>${user}</CLIENT><PW>${password}</PW><MSGLST>${list.join("")}</MSGLST></SESSION>`;
};

export const postXml = (inbox: Pick<LocalInbox, "url">, body: string): Promise<Response> =>
  fetch(`${inbox.url}/sms`, {
    method: "POST",
    headers: { "content-type": "text/xml; charset=utf-8" },
    body,
  });
