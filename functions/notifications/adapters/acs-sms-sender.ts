/**
 * SMS by Azure Communication Services.
 *
 * Its own SDK invents the repeatability ids anew with each call, so that no call could be made again: the REST interface
 * is used instead, with the SDK's authentication.
 *
 * @see https://learn.microsoft.com/rest/api/communication/sms/sms
 */
import { createCommunicationAuthPolicy, parseClientArguments } from "@azure/communication-common";
import {
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { type Connection, credentialOf } from "../../platform/connection.ts";
import { createSdkTransport } from "../../platform/net/sdk-transport.ts";
import { calling, type CallNotes, codeOf } from "../../platform/telemetry/outgoing.ts";
import type { Clock } from "../../kernel/ports.ts";
import type { OutgoingSms, SendAnswer, SmsSender } from "../domain/provider-ports.ts";
import { toSmsAnswer } from "./acs-sms-answers.ts";

const TIMEOUT_IN_MS = 20_000;

/** So long the service knows a repeatability id. */
const REPEATABLE_FOR_IN_MS = 5 * 60_000;

/** Refused before anything was sent. */
const neverConnected = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"]);

const toBody = (sms: OutgoingSms): object => ({
  from: sms.sender,
  smsRecipients: [
    {
      to: sms.number,
      repeatabilityRequestId: sms.operationId,
      repeatabilityFirstSent: new Date(sms.firstSentAt).toUTCString(),
    },
  ],
  message: sms.body,
  smsSendOptions: { enableDeliveryReport: true, tag: sms.operationId },
});

type Post = (body: object) => Promise<PipelineResponse>;

function createPost(connection: Connection): { readonly url: string; readonly post: Post } {
  const { url, credential } =
    connection.kind === "identity"
      ? parseClientArguments(connection.endpoint, credentialOf(connection))
      : parseClientArguments(connection.connectionString);
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(createCommunicationAuthPolicy(credential), { phase: "Sign" });
  const client = createSdkTransport();
  const endpoint = `${url.replace(/\/+$/, "")}/sms?api-version=2021-03-07`;
  return {
    url: endpoint,
    post: (body) =>
      pipeline.sendRequest(
        client,
        createPipelineRequest({
          url: endpoint,
          method: "POST",
          headers: createHttpHeaders({ "content-type": "application/json" }),
          body: JSON.stringify(body),
          abortSignal: AbortSignal.timeout(TIMEOUT_IN_MS),
          allowInsecureConnection: endpoint.startsWith("http:"),
        }),
      ),
  };
}

export function createAcsSmsSender(connection: Connection, clock: Clock): SmsSender {
  const { url, post } = createPost(connection);

  const call = async (sms: OutgoingSms, notes: CallNotes): Promise<SendAnswer> => {
    try {
      const { status, headers, bodyAsText } = await post(toBody(sms));
      notes.answered(status);
      return toSmsAnswer(
        { status, bodyAsText: bodyAsText ?? "", retryAfter: headers.get("retry-after") },
        clock.now(),
      );
    } catch (error) {
      const code = codeOf(error);
      notes.unanswered(code);
      const reason = `The SMS provider does not answer: ${code}`;
      return neverConnected.has(code)
        ? { kind: "unavailable", reason }
        : { kind: "unknown", reason };
    }
  };

  return {
    provider: "acs-sms",
    repeatableForInMs: REPEATABLE_FOR_IN_MS,
    send: (sms) =>
      calling({ dependency: "acs-sms", method: "POST", url }, (notes) => call(sms, notes)),
  };
}
