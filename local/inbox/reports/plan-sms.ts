/** The reports that follow an SMS: LINK Mobility's, and Azure's through Event Grid. */
import type { InboxCore } from "../core.ts";
import { delivered, type Outcome, type PlannedReport } from "../outcomes/outcome.ts";
import { normalizeAddress } from "../store/messages.ts";
import type {
  EventPayload,
  NewReport,
  ReportPayload,
  ReportTarget,
} from "../store/report-queue.ts";
import { GARBAGE, timesOf } from "./plan-email.ts";

interface Plan {
  readonly outcome: Outcome;
  readonly delayInMs?: number | undefined;
}

export interface LinkReportPlan extends Plan {
  readonly reference: string;
  readonly receiver: string;
}

export interface AcsSmsReportPlan extends Plan {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly tag: string | undefined;
}

type Ports = Pick<InboxCore, "clock" | "newId" | "settings">;

/** Of nobody's message. */
const STRANGER_REFERENCE = "100000001";

function plan(
  ports: Ports,
  { outcome, delayInMs }: Plan,
  target: ReportTarget,
  render: (planned: PlannedReport, occurredAt: number) => ReportPayload,
): readonly NewReport[] {
  const reports: NewReport[] = [];
  for (const planned of outcome.reports ?? delivered) {
    const { dueAt, occurredAt } = timesOf(ports, { outcome, delayInMs }, planned);
    const previous = reports.at(-1);
    if (planned.kind === "engagement") continue;
    if (planned.isCopy && previous) reports.push({ ...previous, dueAt });
    else if (planned.kind === "garbage") {
      reports.push({ target, status: "", payload: { kind: "raw", body: GARBAGE }, dueAt });
    } else {
      const status = planned.kind === "stranger" ? "" : planned.sms;
      reports.push({ target, status, payload: render(planned, occurredAt), dueAt });
    }
  }
  return reports;
}

export const smsReports = (ports: Ports, link: LinkReportPlan): readonly NewReport[] =>
  plan(ports, link, "sms", ({ kind, sms }, occurredAt) => ({
    kind: "link",
    reference: kind === "stranger" ? STRANGER_REFERENCE : link.reference,
    receiver: normalizeAddress(link.receiver),
    state: sms,
    deliveredAt: occurredAt,
  }));

function toEvent(
  { newId }: Ports,
  { messageId, from, to, tag }: AcsSmsReportPlan,
  { kind, sms }: PlannedReport,
  occurredAt: number,
): EventPayload {
  const id = kind === "stranger" ? `Outgoing_${newId()}_noam` : messageId;
  const isDelivered = sms.toUpperCase() === "DELIVRD";
  const time = new Date(occurredAt).toISOString();
  return {
    kind: "event",
    id: newId(),
    type: "Microsoft.Communication.SMSDeliveryReportReceived",
    subject: `/phonenumber/${normalizeAddress(to)}`,
    time,
    data: {
      messageId: id,
      from,
      to,
      deliveryStatus: isDelivered ? "Delivered" : "Failed",
      deliveryStatusDetails: isDelivered ? "No error." : `4005: ${sms}`,
      receivedTimestamp: time,
      deliveryAttempts: [
        {
          timestamp: time,
          segmentsSucceeded: isDelivered ? 1 : 0,
          segmentsFailed: isDelivered ? 0 : 1,
        },
      ],
      ...(tag !== undefined && { tag }),
    },
  };
}

export const acsSmsReports = (ports: Ports, sms: AcsSmsReportPlan): readonly NewReport[] =>
  plan(ports, sms, "acs-sms", (planned, occurredAt) =>
    toEvent(ports, sms, planned, occurredAt),
  ).map((report) =>
    report.status === "" || report.payload.kind !== "event"
      ? report
      : { ...report, status: String(report.payload.data["deliveryStatus"]) },
  );
