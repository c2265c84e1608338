/** Event Grid: delivery reports of Azure Communication Services, for e-mail and SMS, in either schema. */
import type { EventGridHandler } from "@azure/functions";
import { inJoiningSpan } from "../../platform/telemetry/spans.ts";
import { type HearReportPorts, hearReport } from "./hear-report.ts";
import { deliveryReportIn } from "./delivery-event.ts";

/** A failure is thrown: Event Grid then brings the event again. An event about something else is not ours. */
export const recordDeliveryEventGrid =
  (ports: HearReportPorts): EventGridHandler =>
  async (event, { functionName }) => {
    const report = deliveryReportIn(event);
    if (!report) {
      ports.logger.warn({}, "An event is no delivery report");
      return;
    }
    await inJoiningSpan({ name: functionName, kind: "consumer" }, () => hearReport(ports, report));
  };
