/** `POST /emails:send`: keeps an e-mail and its coming reports in one step, and answers as Azure does. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { InboxCore } from "../core.ts";
import { type Answer, type Handle, type InboxRequest, json } from "../http/exchange.ts";
import { decideFate, type Fate, meetFate } from "../outcomes/fate.ts";
import { emailReports } from "../reports/plan-email.ts";
import type { CapturedMessage } from "../store/captured-message.ts";
import type { QueuedReport } from "../store/report-queue.ts";
import { refuseStranger } from "./authorize.ts";
import { type EmailRequest, parseEmailRequest } from "./email-request.ts";
import { acsFailure, badRequest, refuseAsAcs } from "./failure.ts";
import type { Quotas } from "./quota.ts";

const TOO_LARGE = {
  status: 413,
  code: "RequestEntityTooLarge",
  message: "The request is larger than 10 MB.",
} as const;

function acceptedAnswer(core: InboxCore, request: InboxRequest, id: string): Answer {
  const version = request.query.get("api-version") ?? "";
  const host = request.headers.host ?? "";
  return json(
    202,
    { id, status: "Running", error: null },
    {
      "operation-location": `http://${host}/emails/operations/${id}?api-version=${version}`,
      "retry-after": String(core.settings.current.retryAfterInSeconds),
    },
  );
}

function answerRepeat(core: InboxCore, request: InboxRequest, known: CapturedMessage): Answer {
  const how = core.settings.current.repeatedOperation;
  const now = core.clock.now();
  core.calls.add(now, "email-send", known.id, "repeated");
  core.messages.addHistory(known.number, now, "repeated", `Sent again: ${how}`);
  core.changed();
  if (how === "replay") return acceptedAnswer(core, request, known.id);
  return how === "bad-request"
    ? badRequest("The operation id has been used before.")
    : acsFailure({
        status: 409,
        code: "Conflict",
        message: "The operation id has been used before.",
      });
}

/** @returns the reports that are to come before the answer */
function keep(
  core: InboxCore,
  { id, key, fate }: { readonly id: string; readonly key: string; readonly fate: Fate },
  { content, attachments, recipients }: EmailRequest,
): readonly QueuedReport[] {
  const now = core.clock.now();
  const operation = recipients
    .map((recipient) => fate.outcomeFor(recipient).operation)
    .find((end) => end !== undefined);
  return core.database.transaction(() => {
    core.calls.add(now, "email-send", key, "accepted");
    const forced = {
      ...(operation && { operation }),
      ...(fate.fault && { forcedOutcome: fate.fault.outcome }),
    };
    const message = core.messages.add(
      {
        id,
        channel: "email",
        provider: "acs-email",
        content: { ...content, ...forced },
        attachments,
      },
      now,
    );
    core.messages.addHistory(message, now, "accepted", `Operation ${id}`);
    return recipients.flatMap((recipient) => {
      const outcome = fate.outcomeFor(recipient);
      const plan = {
        outcome,
        id,
        recipient,
        sender: content.from,
        delayInMs: fate.fault?.delayInMs,
      };
      const reports = emailReports(core, plan).map((report) =>
        core.reports.add(message, now, report),
      );
      return outcome.isEarly ? reports : [];
    });
  });
}

async function send(core: InboxCore, request: InboxRequest): Promise<Answer> {
  const email = parseEmailRequest(request.body);
  if ("status" in email) return email;
  const asked = request.headers["operation-id"];
  if (asked !== undefined && !z.guid().safeParse(asked).success) {
    return badRequest("operation-id must be a UUID.");
  }
  const id = typeof asked === "string" ? asked.toLowerCase() : core.newId();
  const key = asked === undefined ? createHash("sha256").update(request.body).digest("hex") : id;
  const isKnown = core.messages.get(id) !== undefined;
  const fate = decideFate(core, "email-send", key, isKnown ? [] : email.recipients);
  return meetFate(core, fate, {
    operation: "email-send",
    key,
    refuse: refuseAsAcs(core.clock),
    carryOut: async () => {
      // Asked anew: a slow call may have been overtaken by its own repetition.
      const known = core.messages.get(id);
      if (known) return answerRepeat(core, request, known);
      const early = keep(core, { id, key, fate }, email);
      core.changed();
      await core.dispatcher.added(early);
      return acceptedAnswer(core, request, id);
    },
  });
}

export function createEmailSendHandler(core: InboxCore, quotas: Quotas): Handle {
  return (request) => {
    const refusal = refuseStranger(core.clock, request);
    if (refusal) return refusal;
    if (!request.query.get("api-version")) return badRequest("api-version is required.");
    if (request.isTooLarge) return acsFailure(TOO_LARGE);
    return quotas.refuse("emailSend") ?? send(core, request);
  };
}
