/** Delivery reports of Azure Communication Services as Event Grid brings them, in either of its schemas. */
import type { DeliveryReport } from "../use-cases/record-delivery.ts";
import { acsSmsStatusOf, emailStatusOf } from "../domain/provider-words.ts";

type Members = Readonly<Record<string, unknown>>;

/** Members by lower-case name: the published examples differ in their letter case. */
const membersOf = (value: unknown): Members =>
  typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, it]) => [name.toLowerCase(), it]))
    : {};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const timeOf = (...values: readonly unknown[]): number => {
  for (const value of values) {
    const at = Date.parse(textOf(value));
    if (!Number.isNaN(at)) return at;
  }
  return 0;
};

const withStatus = (
  report: Omit<DeliveryReport, "status">,
  status: DeliveryReport["status"],
): DeliveryReport => ({ ...report, ...(status !== undefined && { status }) });

function toEmailReport(data: Members, event: Members): DeliveryReport {
  const word = textOf(data["status"]);
  const details = textOf(membersOf(data["deliverystatusdetails"])["statusmessage"]);
  return withStatus(
    {
      provider: "acs-email",
      reference: textOf(data["messageid"]).toLowerCase(),
      at: timeOf(data["deliveryattempttimestamp"], event["eventtime"], event["time"]),
      detail: details === "" ? word : `${word}: ${details}`,
    },
    emailStatusOf(word),
  );
}

function toSmsReport(data: Members, event: Members): DeliveryReport {
  const word = textOf(data["deliverystatus"]);
  const details = textOf(data["deliverystatusdetails"]);
  return withStatus(
    {
      provider: "acs-sms",
      reference: textOf(data["messageid"]),
      at: timeOf(data["receivedtimestamp"], event["eventtime"], event["time"]),
      detail: details === "" ? word : `${word}: ${details}`,
    },
    acsSmsStatusOf(word, details),
  );
}

/** What an event reports; `undefined` for an event about something else. */
export function deliveryReportIn(received: unknown): DeliveryReport | undefined {
  const event = membersOf(received);
  const data = membersOf(event["data"]);
  switch (textOf(event["eventtype"]) || textOf(event["type"])) {
    case "Microsoft.Communication.EmailDeliveryReportReceived":
      return toEmailReport(data, event);
    case "Microsoft.Communication.SMSDeliveryReportReceived":
      return toSmsReport(data, event);
    default:
      return undefined;
  }
}
