/** Notifications, step 5: a provider reports how far a message is; the notification, its order and the feed follow. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Logger } from "../../kernel/ports.ts";
import type { DeliveryStatus } from "../domain/delivery-status.ts";
import type { Provider, ProviderReferences, StrayReports } from "../domain/provider-ports.ts";
import { withReport } from "../domain/settlement.ts";
import { settleNotification, type SettlePorts } from "./settle-notification.ts";

/** What recording needs. */
export interface RecordDeliveryPorts extends SettlePorts {
  readonly references: ProviderReferences;
  readonly strays: StrayReports;
  readonly logger: Logger;
}

/** What a provider reports. */
export interface DeliveryReport {
  readonly provider: Provider;
  readonly reference: string;
  /** Absent when the provider used a word that we do not know. */
  readonly status?: DeliveryStatus;
  /** The provider's time, in milliseconds since the epoch. */
  readonly at: number;
  /** Without addresses. */
  readonly detail?: string;
}

/** A report may be faster than the note of the reference it carries; after the last wait it belongs to nothing. */
const waitsInSeconds = [5, 15, 60, 120, 300];

const keepStray = async (
  ports: RecordDeliveryPorts,
  report: DeliveryReport,
  reason: "unknown-reference" | "unknown-status",
  attempt: number,
): Promise<void> => {
  const { provider, reference, status, at, detail = "" } = report;
  ports.logger.error({ provider, reason }, "A delivery report is stray");
  await ports.strays.keep({
    provider,
    reference,
    reason,
    attempt,
    detail,
    heardAt: ports.clock.now(),
    ...(status !== undefined && { evidence: { status, at } }),
  });
};

/**
 * Records a report. Safe to repeat, in any order: see `delivery-status.ts`. A report that comes late is kept too; one
 * that says something unknown, or belongs to nothing, is kept as stray.
 *
 * @param attempt 1 for the first
 * @throws {RetryLater} nothing is known of the reference yet
 */
export async function recordDelivery(
  ports: RecordDeliveryPorts,
  report: DeliveryReport,
  attempt: number,
): Promise<void> {
  const { provider, reference, status, at, detail } = report;
  if (status === undefined) {
    await keepStray(ports, report, "unknown-status", attempt);
    return;
  }
  const target = await ports.references.find(provider, reference);
  if (!target) {
    const wait = waitsInSeconds[attempt - 1];
    if (wait !== undefined) throw new RetryLater(wait, "A report is ahead of its reference");
    await keepStray(ports, report, "unknown-reference", attempt);
    return;
  }
  const heardAt = ports.clock.now();
  await settleNotification(ports, target, (notification) =>
    withReport(notification, { status, at, heardAt, ...(detail !== undefined && { detail }) }),
  );
}
