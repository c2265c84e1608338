/** `GET /emails/operations/{id}`: how far an e-mail has come. */
import type { InboxCore } from "../core.ts";
import { type Answer, type Handle, json } from "../http/exchange.ts";
import { decideFate, meetFate } from "../outcomes/fate.ts";
import { isOutcomeName, outcomeOf } from "../outcomes/table.ts";
import type { CapturedMessage, OperationEnd } from "../store/captured-message.ts";
import { refuseStranger } from "./authorize.ts";
import { acsFailure, badRequest, refuseAsAcs } from "./failure.ts";
import type { Quotas } from "./quota.ts";

interface OperationState {
  readonly status: OperationEnd["status"] | "NotStarted";
  readonly error?: OperationEnd["error"];
}

function stateOf(core: InboxCore, { acceptedAt, operation }: CapturedMessage): OperationState {
  const { operationStartsInMs, operationEndsInMs } = core.settings.current;
  const age = core.clock.now() - Date.parse(acceptedAt);
  if (age < operationStartsInMs) return { status: "NotStarted" };
  if (age < operationEndsInMs) return { status: "Running" };
  return operation ?? { status: "Succeeded" };
}

function answerState(core: InboxCore, message: CapturedMessage): Answer {
  const { status, error = null } = stateOf(core, message);
  core.calls.add(core.clock.now(), "email-status", message.id, "answered");
  const isUnderWay = status === "NotStarted" || status === "Running";
  return json(
    200,
    { id: message.id, status, error },
    isUnderWay ? { "retry-after": String(core.settings.current.retryAfterInSeconds) } : {},
  );
}

function recipientsOf(message: CapturedMessage): readonly string[] {
  const { forcedOutcome, to, cc = [], bcc = [] } = message;
  // What a fault has forced on the message goes on in its operation.
  if (forcedOutcome !== undefined && isOutcomeName(forcedOutcome)) {
    return outcomeOf(forcedOutcome).poll ? [`${forcedOutcome}@inbox`] : [];
  }
  return [...to, ...cc, ...bcc];
}

export function createEmailOperationHandler(core: InboxCore, quotas: Quotas): Handle {
  return (request, { id = "" }) => {
    const refusal = refuseStranger(core.clock, request);
    if (refusal) return refusal;
    if (!request.query.get("api-version")) return badRequest("api-version is required.");
    const throttled = quotas.refuse("emailStatus");
    if (throttled) return throttled;
    const message = core.messages.get(id.toLowerCase());
    const key = id.toLowerCase();
    const fate = decideFate(core, "email-status", key, message ? recipientsOf(message) : []);
    return meetFate(core, fate, {
      operation: "email-status",
      key,
      refuse: refuseAsAcs(core.clock),
      carryOut: () =>
        message?.provider === "acs-email"
          ? answerState(core, message)
          : acsFailure({
              status: 404,
              code: "NotFound",
              message: "There is no operation with this id.",
            }),
    });
  };
}
