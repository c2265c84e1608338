/** SMS by LINK Mobility. The gateway knows no idempotency, and cannot be asked what became of a call. */
import { Agent } from "undici";
import { takeWholeAnswer } from "../../platform/net/whole-answer.ts";
import { calling, type CallNotes, codeOf } from "../../platform/telemetry/outgoing.ts";
import type { OutgoingSms, SendAnswer, SmsSender } from "../domain/provider-ports.ts";
import { type GatewayAccount, toRequest, toSendAnswer } from "./link-sms-xml.ts";

/** Longest wait for one answer. */
const TIMEOUT_IN_MS = 20_000;

/** Refused before anything was sent. */
const neverConnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** A proxy's time-out says nothing about what is behind it. */
const GATEWAY_TIMEOUT = 504;

export function createLinkSmsSender(url: string, account: GatewayAccount): SmsSender {
  const dispatcher = new Agent({ keepAliveTimeout: 10_000, connections: 64 });

  const call = async (sms: OutgoingSms, notes: CallNotes): Promise<SendAnswer> => {
    try {
      const { status, text } = await takeWholeAnswer(dispatcher, {
        url,
        method: "POST",
        headers: { "content-type": "text/xml; charset=utf-8" },
        body: toRequest(account, sms),
        signal: AbortSignal.timeout(TIMEOUT_IN_MS),
      });
      notes.answered(status);
      if (status >= 200 && status < 300) return toSendAnswer(text);
      const reason = `The SMS gateway answers ${status}`;
      return status === GATEWAY_TIMEOUT
        ? { kind: "unknown", reason }
        : { kind: "unavailable", reason };
    } catch (error) {
      const code = codeOf(error);
      notes.unanswered(code);
      const reason = `The SMS gateway does not answer: ${code}`;
      return neverConnected.has(code)
        ? { kind: "unavailable", reason }
        : { kind: "unknown", reason };
    }
  };

  return {
    provider: "link-mobility",
    repeatableForInMs: 0,
    send: (sms) =>
      calling({ dependency: "sms-gateway", method: "POST", url }, (notes) => call(sms, notes)),
  };
}
