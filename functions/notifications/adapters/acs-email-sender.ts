/** E-mails by Azure Communication Services. */
import { EmailClient, type EmailMessage } from "@azure/communication-email";
import type { Clock } from "../../kernel/ports.ts";
import { type Connection, credentialOf } from "../../platform/connection.ts";
import { createSdkTransport } from "../../platform/net/sdk-transport.ts";
import { calling, codeOf } from "../../platform/telemetry/outgoing.ts";
import type { EmailSender, OutgoingEmail } from "../domain/provider-ports.ts";
import { type RawAnswer, toOperationState, toSendAnswer } from "./acs-email-answers.ts";
import { plainTextOf } from "./plain-text.ts";

/** Longest wait for one answer. */
const TIMEOUT_IN_MS = 20_000;

/** The queue is the retry: a try of the SDK's own would sleep in a function, and hide what was answered. */
const retryOptions = { maxRetries: 0 };

/** Refused before anything was sent. */
const neverConnected = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"]);

const connect = (connection: Connection): EmailClient => {
  const options = { retryOptions, httpClient: createSdkTransport() };
  if (connection.kind === "identity") {
    return new EmailClient(connection.endpoint, credentialOf(connection), options);
  }
  const allowInsecureConnection = /endpoint=http:/i.test(connection.connectionString);
  return new EmailClient(connection.connectionString, { ...options, allowInsecureConnection });
};

const contentOf = ({ subject, body, contentType }: OutgoingEmail): EmailMessage["content"] =>
  contentType === "Html"
    ? { subject, html: body, plainText: plainTextOf(body) }
    : { subject, plainText: body };

const toMessage = (email: OutgoingEmail): EmailMessage => ({
  headers: { "x-budstikke-shipment": email.shipmentId },
  senderAddress: email.senderAddress,
  content: contentOf(email),
  recipients: { to: [{ address: email.address }] },
  attachments: email.attachments.map(({ filename, mimeType, content }) => ({
    name: filename,
    contentType: mimeType,
    contentInBase64: Buffer.from(content).toString("base64"),
  })),
  disableUserEngagementTracking: true,
});

type Exchange =
  | { readonly kind: "answered"; readonly answer: RawAnswer }
  | { readonly kind: "no-answer"; readonly code: string };

type Start = (use: {
  readonly onResponse: (answer: unknown) => void;
  readonly abortSignal: AbortSignal;
}) => Promise<unknown>;

/** Thrown into the SDK at the first answer. The same one always: nobody reads it. */
const answered = new Error("The answer is there");

/**
 * One HTTP exchange by the SDK: the first answer is all that is wanted. The SDK would go on asking after the operation,
 * which spends a quota of its own (60 questions a minute), so it is stopped there.
 */
async function exchange(start: Start): Promise<Exchange> {
  let answer: RawAnswer | undefined;
  try {
    await start({
      abortSignal: AbortSignal.timeout(TIMEOUT_IN_MS),
      onResponse: (raw) => {
        answer ??= raw as RawAnswer;
        throw answered;
      },
    });
  } catch (error) {
    // What the SDK makes of an answer does not matter once there is one.
    if (!answer) return { kind: "no-answer", code: codeOf(error) };
  }
  return answer ? { kind: "answered", answer } : { kind: "no-answer", code: "unknown" };
}

const traced = (method: string, url: string, start: Start): Promise<Exchange> =>
  calling({ dependency: "email-provider", method, url }, async (notes) => {
    const outcome = await exchange(start);
    if (outcome.kind === "answered") notes.answered(outcome.answer.status);
    else notes.unanswered(outcome.code);
    return outcome;
  });

/** Resuming needs a message by the SDK's signature; it is not sent. */
const unsent: EmailMessage = {
  senderAddress: "",
  content: { subject: "", plainText: "" },
  recipients: {},
};

const operationState = (endpoint: string, operationId: string): string =>
  JSON.stringify({
    state: {
      status: "running",
      config: {
        operationLocation: `${endpoint}/emails/operations/${operationId}?api-version=2025-09-01`,
        metadata: { mode: "OperationLocation" },
      },
    },
  });

const endpointOf = (connection: Connection): string => {
  const endpoint =
    connection.kind === "identity"
      ? connection.endpoint
      : (/endpoint=([^;]+)/i.exec(connection.connectionString)?.[1] ?? "");
  return endpoint.replace(/\/+$/, "");
};

export function createAcsEmailSender(connection: Connection, clock: Clock): EmailSender {
  const client = connect(connection);
  const endpoint = endpointOf(connection);
  return {
    async send(email) {
      const outcome = await traced("POST", endpoint, (use) =>
        client.beginSend(toMessage(email), { operationId: email.operationId, ...use }),
      );
      if (outcome.kind === "answered") return toSendAnswer(outcome.answer, clock.now());
      const reason = `The e-mail provider does not answer: ${outcome.code}`;
      return neverConnected.has(outcome.code)
        ? { kind: "unavailable", reason }
        : { kind: "unknown", reason };
    },
    async ask(operationId) {
      const resumeFrom = operationState(endpoint, operationId);
      const outcome = await traced("GET", endpoint, (use) =>
        client.beginSend(unsent, { resumeFrom, ...use }),
      );
      if (outcome.kind === "no-answer") return outcome;
      return toOperationState(outcome.answer, clock.now());
    },
  };
}
