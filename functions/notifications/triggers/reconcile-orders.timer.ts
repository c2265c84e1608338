/** Every ten minutes: is everything that was accepted finished, on its way, or set aside? */
import type { TimerHandler } from "@azure/functions";
import { reconcileOrders, type ReconcileOrdersPorts } from "../use-cases/reconcile-orders.ts";

export const reconcileOrdersTimer =
  (ports: ReconcileOrdersPorts): TimerHandler =>
  async () => {
    await reconcileOrders(ports);
  };
