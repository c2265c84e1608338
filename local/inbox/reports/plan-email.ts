/** The Event Grid events that follow an e-mail. */
import type { InboxCore } from "../core.ts";
import { delivered, type Outcome, type PlannedReport } from "../outcomes/outcome.ts";
import type { EventPayload, NewReport } from "../store/report-queue.ts";

export interface EmailReportPlan {
  readonly outcome: Outcome;
  /** The operation's. */
  readonly id: string;
  readonly recipient: string;
  readonly sender: string;
  /** How late is late, where a fault says so. */
  readonly delayInMs?: number | undefined;
}

type Ports = Pick<InboxCore, "clock" | "newId" | "settings">;

/** When a report is sent, and what it says of its own time. */
export function timesOf(
  { clock, settings }: Ports,
  { outcome, delayInMs }: Pick<EmailReportPlan, "outcome" | "delayInMs">,
  { laterInMs = 0, occurredEarlierInMs = 0 }: PlannedReport,
): { readonly dueAt: number; readonly occurredAt: number } {
  const usualInMs = outcome.isEarly ? 0 : settings.current.reportInMs;
  const moreInMs = laterInMs > 0 ? (delayInMs ?? laterInMs) : 0;
  const dueAt = clock.now() + usualInMs + moreInMs;
  return { dueAt, occurredAt: dueAt - occurredEarlierInMs };
}

/** A body that is no report, and no JSON or XML either. */
export const GARBAGE = '{"this is": no report';

function toEvent(
  { newId }: Ports,
  { id, recipient, sender }: EmailReportPlan,
  { kind, email }: PlannedReport,
  occurredAt: number,
): EventPayload {
  const messageId = kind === "stranger" ? newId() : id;
  const time = new Date(occurredAt).toISOString();
  const common = { sender, recipient, messageId };
  const base = {
    kind: "event",
    id: newId(),
    subject: `sender/${sender}/message/${messageId}`,
    time,
  } as const;
  return kind === "engagement"
    ? {
        ...base,
        type: "Microsoft.Communication.EmailEngagementTrackingReportReceived",
        data: {
          ...common,
          userActionTimeStamp: time,
          engagementContext: "",
          userAgent: "",
          engagementType: "view",
        },
      }
    : {
        ...base,
        type: "Microsoft.Communication.EmailDeliveryReportReceived",
        data: {
          ...common,
          status: email,
          deliveryStatusDetails: {
            statusMessage: email === "Delivered" ? "" : `${email}, as the address asked for.`,
            recipientMailServerHostName: "mx.example.com",
          },
          deliveryAttemptTimeStamp: time,
        },
      };
}

export function emailReports(ports: Ports, plan: EmailReportPlan): readonly NewReport[] {
  const reports: NewReport[] = [];
  for (const planned of plan.outcome.reports ?? delivered) {
    const { dueAt, occurredAt } = timesOf(ports, plan, planned);
    const previous = reports.at(-1);
    if (planned.isCopy && previous) reports.push({ ...previous, dueAt });
    else if (planned.kind === "garbage") {
      reports.push({ target: "email", status: "", payload: { kind: "raw", body: GARBAGE }, dueAt });
    } else {
      const isOfThis = planned.kind === undefined || planned.kind === "report";
      reports.push({
        target: "email",
        status: isOfThis ? planned.email : "",
        payload: toEvent(ports, plan, planned, occurredAt),
        dueAt,
      });
    }
  }
  return reports;
}
