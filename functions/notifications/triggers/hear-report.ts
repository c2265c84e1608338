/** A report is recorded at once; one that is ahead of its reference is put on the queue, and tried again from there. */
import topology from "../../../infra/topology.json" with { type: "json" };
import { derivedKey } from "../../kernel/derived-id.ts";
import { RetryLater } from "../../kernel/failures.ts";
import type { MessageSender } from "../../platform/messaging/service-bus.ts";
import {
  type DeliveryReport,
  recordDelivery,
  type RecordDeliveryPorts,
} from "../use-cases/record-delivery.ts";

/** What hearing a report needs. */
export interface HearReportPorts extends RecordDeliveryPorts {
  readonly messages: MessageSender;
}

const toBody = ({ provider, reference, status, at, detail }: DeliveryReport): object => ({
  provider,
  reference,
  at,
  ...(status !== undefined && { status }),
  ...(detail !== undefined && { detail }),
});

/** When this returns the report is kept. Safe to repeat. */
export async function hearReport(ports: HearReportPorts, report: DeliveryReport): Promise<void> {
  try {
    await recordDelivery(ports, report, 1);
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    const { provider, reference, status = "", at } = report;
    await ports.messages.send(topology.queues.deliveryReports.name, [
      {
        id: `report.${derivedKey(provider, reference, status, String(at))}`,
        body: toBody(report),
        attempt: 2,
        dueAt: ports.clock.now() + error.delayInSeconds * 1000,
      },
    ]);
  }
}
