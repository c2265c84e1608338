/** `POST /sms?api-version=`: SMS through Azure, each recipient with an answer of its own. */
import { createHash } from "node:crypto";
import type { InboxCore } from "../core.ts";
import { type Answer, type Handle, type InboxRequest, json } from "../http/exchange.ts";
import { decideFate, type Fate, meetFate } from "../outcomes/fate.ts";
import { acsSmsReports } from "../reports/plan-sms.ts";
import type { QueuedReport } from "../store/report-queue.ts";
import { refuseStranger } from "./authorize.ts";
import { badRequest, refuseAsAcs } from "./failure.ts";
import type { Quotas } from "./quota.ts";
import { type RecipientAnswer, rememberAnswer, rememberedAnswer } from "./repeatability.ts";
import { parseSmsRequest, type SmsRecipient, type SmsRequest } from "./sms-request.ts";

interface Taken {
  readonly answer: RecipientAnswer;
  readonly early: readonly QueuedReport[];
}

const failed = (to: string, httpStatusCode: number, errorMessage: string): Taken => ({
  answer: { to, httpStatusCode, successful: false, errorMessage },
  early: [],
});

function keep(core: InboxCore, sms: SmsRequest, to: string, fate: Fate): Taken {
  const now = core.clock.now();
  const stamp = new Date(now).toISOString().replaceAll(/\D/g, "").slice(0, 14);
  const messageId = `Outgoing_${stamp}${core.newId()}_noam`;
  const tag = sms.smsSendOptions?.tag ?? undefined;
  const content = {
    from: sms.from,
    to: [to],
    text: sms.message,
    ...(tag !== undefined && { tag }),
    ...(fate.fault && { forcedOutcome: fate.fault.outcome }),
  };
  const number = core.messages.add(
    { id: messageId, channel: "sms", provider: "acs-sms", content },
    now,
  );
  core.messages.addHistory(number, now, "accepted", `Message ${messageId}`);
  const outcome = fate.outcomeFor(to);
  const plan = { outcome, messageId, from: sms.from, to, tag, delayInMs: fate.fault?.delayInMs };
  const reports = sms.smsSendOptions?.enableDeliveryReport
    ? acsSmsReports(core, plan).map((report) => core.reports.add(number, now, report))
    : [];
  return {
    answer: {
      to,
      messageId,
      httpStatusCode: 202,
      repeatabilityResult: "accepted",
      successful: true,
    },
    early: outcome.isEarly ? reports : [],
  };
}

const NUMBER_PATTERN = /^\+[1-9]\d{7,14}$/;

/** @returns why this recipient gets no message */
function refuseRecipient(core: InboxCore, to: string, key: string, fate: Fate): Taken | undefined {
  const { effect, fault, name = "refused" } = fate;
  if (!NUMBER_PATTERN.test(to) || effect?.kind === "receiver-refused") {
    return failed(to, 400, "Invalid To phone number format.");
  }
  if (effect?.kind !== "answer") return undefined;
  core.calls.add(core.clock.now(), "sms-send", key, name);
  return failed(to, fault?.status ?? effect.status, effect.message);
}

const hash = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex");

function answerRecipient(
  core: InboxCore,
  sms: SmsRequest,
  { to, repeatabilityRequestId: id, repeatabilityFirstSent: firstSent }: SmsRecipient,
  fate: Fate,
): Taken {
  const key = hash([sms.from, to, sms.message]);
  const known = id ? rememberedAnswer(core, { id, payload: key, firstSent }) : undefined;
  if (known) return { answer: { ...known, to }, early: [] };
  const own = fate.fault ? fate : decideFate(core, "sms-send", key, [to]);
  const refused = refuseRecipient(core, to, key, own);
  if (refused) return refused;
  core.calls.add(core.clock.now(), "sms-send", key, "accepted");
  const taken = keep(core, sms, to, fate);
  if (id) rememberAnswer(core, { id, payload: key, firstSent }, taken.answer);
  return taken;
}

async function takeAll(core: InboxCore, sms: SmsRequest, fate: Fate): Promise<Answer> {
  const taken = core.database.transaction(() =>
    sms.smsRecipients.map((recipient) => answerRecipient(core, sms, recipient, fate)),
  );
  core.changed();
  await core.dispatcher.added(taken.flatMap(({ early }) => early));
  return json(202, { value: taken.map(({ answer }) => answer) });
}

/** A fault strikes the whole call; what a number forces is told for that number alone. */
function wholeCallFate(fate: Fate): Fate {
  const isOfOneRecipient = fate.fault === undefined && fate.effect?.kind === "answer";
  return isOfOneRecipient ? { ...fate, effect: undefined } : fate;
}

function send(core: InboxCore, request: InboxRequest): Answer | Promise<Answer> {
  const sms = parseSmsRequest(request.body);
  if (typeof sms === "string") return badRequest(sms);
  const recipients = sms.smsRecipients.map(({ to }) => to);
  const key = hash([sms.from, recipients.length === 1 ? recipients[0] : recipients, sms.message]);
  const fate = wholeCallFate(decideFate(core, "sms-send", key, recipients));
  return meetFate(core, fate, {
    operation: "sms-send",
    key,
    refuse: refuseAsAcs(core.clock),
    carryOut: () => takeAll(core, sms, fate),
  });
}

export function createSmsSendHandler(core: InboxCore, quotas: Quotas): Handle {
  return (request) => {
    const refusal = refuseStranger(core.clock, request);
    if (refusal) return refusal;
    if (!request.query.get("api-version")) return badRequest("api-version is required.");
    if (request.isTooLarge) return badRequest("The request is too large.");
    return quotas.refuse("smsSend") ?? send(core, request);
  };
}
