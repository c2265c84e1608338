/** Operations: reports that belonged to nothing are tried again, for what they belong to may be known by now. */
import { RetryLater } from "../../kernel/failures.ts";
import type { StrayDesk } from "../domain/operations-ports.ts";
import type { ProviderReferences, StrayReport } from "../domain/provider-ports.ts";
import { withReport } from "../domain/settlement.ts";
import { settleNotification, type SettlePorts } from "./settle-notification.ts";

/** What redriving reports needs. */
export interface RedriveStraysPorts extends SettlePorts {
  readonly references: ProviderReferences;
  readonly strayDesk: StrayDesk;
}

/** As many as are tried by one call. */
const AT_MOST = 1000;

async function isHome(ports: RedriveStraysPorts, report: StrayReport): Promise<boolean> {
  const { provider, reference, evidence, heardAt, detail } = report;
  const target = evidence && (await ports.references.find(provider, reference));
  if (!target) return false;
  try {
    await settleNotification(ports, target, (it) =>
      withReport(it, { ...evidence, heardAt, detail }),
    );
  } catch (error) {
    if (error instanceof RetryLater) return false; // many report at this moment; it stays
    throw error;
  }
  await ports.strayDesk.remove(report);
  return true;
}

/**
 * Tries all. Safe to repeat.
 *
 * @returns how many found what they belong to
 */
export async function redriveStrays(ports: RedriveStraysPorts): Promise<number> {
  let count = 0;
  for (const report of await ports.strayDesk.list(AT_MOST)) {
    if (await isHome(ports, report)) count += 1;
  }
  return count;
}
