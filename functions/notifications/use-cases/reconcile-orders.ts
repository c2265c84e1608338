/** Proves that accepted = finished + in progress + parked, and says what is not so. */
import type { Clock, Logger, Measures } from "../../kernel/ports.ts";
import type { ParkedItems } from "../domain/operations-ports.ts";
import type { OrderStore } from "../domain/ports.ts";

/** What reconciling needs. */
export interface ReconcileOrdersPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly measures: Measures;
  readonly orders: OrderStore;
  readonly parkedItems: ParkedItems;
}

/** What a run found. */
export interface Reconciled {
  /** Neither finished nor set aside, and past the time at which somebody should have looked after them. */
  readonly unaccounted: number;
  readonly parked: number;
}

/** The safety net runs every minute and puts off whatever it hands on: who is later than this was not looked after. */
const GRACE_IN_MS = 15 * 60_000;

/** As many as are counted: more is an alarm all the same. */
const AT_MOST = 1000;

/**
 * Counts. An order or a notification that is neither final nor set aside has a time at which it is looked after; so
 * whatever is accepted is finished, parked, or on its way, unless such a time has passed and nothing has happened.
 */
export async function reconcileOrders(ports: ReconcileOrdersPorts): Promise<Reconciled> {
  const late = await ports.orders.listOverdue(ports.clock.now() - GRACE_IN_MS, AT_MOST);
  const { items } = await ports.parkedItems.list(AT_MOST);
  const found = { unaccounted: late.length, parked: items.length };
  ports.measures.record("unaccounted", found.unaccounted, { kind: "notification" });
  if (found.unaccounted > 0) {
    ports.logger.error({ ...found }, "Orders or notifications are unaccounted for");
  } else {
    ports.logger.info({ ...found }, "Orders and notifications are accounted for");
  }
  return found;
}
