/** `POST /sms` with XML: the LINK Mobility (PSWin) gateway. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { InboxCore } from "../core.ts";
import type { Answer, HttpAnswer, InboxRequest } from "../http/exchange.ts";
import { decideFate, type Fate, meetFate, type Refuse } from "../outcomes/fate.ts";
import { smsReports } from "../reports/plan-sms.ts";
import type { QueuedReport } from "../store/report-queue.ts";
import { refuseMessage } from "./refusal.ts";
import { type LinkMessage, type LinkSession, parseSession } from "./session.ts";
import { receiveText } from "./text.ts";
import { decodeBody, escapeXml } from "./xml.ts";

export interface SmsCredentials {
  readonly user: string;
  readonly password: string;
}

/** References look like the gateway's and tell the message's number. */
const FIRST_REFERENCE = 900_000_000;

const MAX_MESSAGES = 100;

const xml = (status: number, body: string): HttpAnswer => ({
  status,
  headers: { "content-type": "text/xml; charset=utf-8" },
  body: `<?xml version="1.0"?>${body}`,
});

const refuseLogon = (reason: string): HttpAnswer =>
  xml(200, `<SESSION><LOGON>FAIL</LOGON><REASON>${escapeXml(reason)}</REASON></SESSION>`);

interface Taken {
  readonly reference: string;
  readonly early: readonly QueuedReport[];
}

function keep(core: InboxCore, key: string, message: LinkMessage, fate: Fate): Taken | string {
  const received = receiveText(message.text, message.operation);
  if (!received) return "Invalid TEXT: OP 9 takes hexadecimal UCS-2.";
  const { text, encoding, damage } = received;
  const { receiver, sender, timeToLive, id } = message;
  const now = core.clock.now();
  const reference = String(FIRST_REFERENCE + core.messages.nextNumber());
  const content = {
    from: sender,
    to: [receiver],
    text,
    encoding,
    tag: id,
    ...(damage.length > 0 && { damage }),
    ...(timeToLive !== undefined && { timeToLiveInMinutes: Number(timeToLive) }),
    ...(fate.fault && { forcedOutcome: fate.fault.outcome }),
  };
  core.calls.add(now, "sms-send", key, "accepted");
  const number = core.messages.add(
    { id: reference, channel: "sms", provider: "link", content },
    now,
  );
  core.messages.addHistory(number, now, "accepted", `REF ${reference}`);
  const outcome = fate.outcomeFor(receiver);
  const plan = { outcome, reference, receiver, delayInMs: fate.fault?.delayInMs };
  const reports = smsReports(core, plan).map((report) => core.reports.add(number, now, report));
  return { reference, early: outcome.isEarly ? reports : [] };
}

const keyOf = ({ receiver, sender, text }: LinkMessage): string =>
  createHash("sha256")
    .update(JSON.stringify([receiver, sender, text]))
    .digest("hex");

interface MessageAnswer {
  readonly xml: string;
  readonly early: readonly QueuedReport[];
}

function answerMessage(core: InboxCore, message: LinkMessage, fate: Fate): MessageAnswer {
  const refused = (info: string): MessageAnswer => ({
    xml: `<MSG><ID>${escapeXml(message.id)}</ID><STATUS>FAIL</STATUS><INFO>${escapeXml(info)}</INFO></MSG>`,
    early: [],
  });
  const key = keyOf(message);
  const outcome = fate.fault ? fate : decideFate(core, "sms-send", key, [message.receiver]);
  const { effect } = outcome;
  if (effect?.kind === "receiver-refused") {
    core.calls.add(core.clock.now(), "sms-send", key, outcome.name ?? "refused");
    return refused(`${effect.reason} '${message.receiver}'.`);
  }
  const info = refuseMessage(message);
  if (info !== undefined) return refused(info);
  const taken = keep(core, key, message, fate);
  if (typeof taken === "string") return refused(taken);
  const reference = effect?.kind === "no-reference" ? "" : `<REF>${taken.reference}</REF>`;
  return {
    xml: `<MSG><ID>${escapeXml(message.id)}</ID>${reference}<STATUS>OK</STATUS><INFO></INFO></MSG>`,
    early: taken.early,
  };
}

async function takeMessages(core: InboxCore, session: LinkSession, fate: Fate): Promise<Answer> {
  const answers = core.database.transaction(() =>
    session.messages.map((message) => answerMessage(core, message, fate)),
  );
  core.changed();
  await core.dispatcher.added(answers.flatMap(({ early }) => early));
  return xml(
    200,
    `<SESSION><LOGON>OK</LOGON><REASON></REASON><MSGLST>${answers.map((answer) => answer.xml).join("")}</MSGLST></SESSION>`,
  );
}

/** The gateway has no words of its own for this: a status and a line of text. */
const refuse: Refuse = ({ status, message }, fault) => {
  const linkStatus = status === 503 ? 504 : status;
  return {
    status: fault?.status ?? linkStatus,
    headers: { "content-type": "text/plain" },
    body: message,
  };
};

const isSame = (one: string, other: string): boolean => {
  const [left, right] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
};

function parse(request: InboxRequest): LinkSession | string {
  try {
    return parseSession(decodeBody(request.body, request.headers["content-type"]));
  } catch (error) {
    return error instanceof Error && error.name !== "ZodError"
      ? error.message
      : "The body is no SESSION.";
  }
}

export async function answerGateway(
  core: InboxCore,
  credentials: SmsCredentials,
  request: InboxRequest,
): Promise<Answer> {
  const session = parse(request);
  if (typeof session === "string") {
    return { status: 400, headers: { "content-type": "text/plain; charset=utf-8" }, body: session };
  }
  if (!isSame(session.user, credentials.user) || !isSame(session.password, credentials.password)) {
    return refuseLogon("Invalid username or password");
  }
  if (session.messages.length > MAX_MESSAGES) {
    return refuseLogon(`More than ${MAX_MESSAGES} messages`);
  }
  const receivers = session.messages.map(({ receiver }) => receiver);
  const key = session.messages.map(keyOf).join();
  const fate = decideFate(core, "sms-send", key, receivers);
  if (fate.effect?.kind === "logon-refused") {
    core.calls.add(core.clock.now(), "sms-send", key, "logon-failed");
    return refuseLogon("Forced by the inbox");
  }
  return meetFate(core, fate, {
    operation: "sms-send",
    key,
    refuse,
    carryOut: () => takeMessages(core, session, fate),
  });
}
