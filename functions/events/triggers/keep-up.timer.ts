/** Timers of this context: proof that nothing was lost, and another try for what was set aside. */
import type { TimerHandler } from "@azure/functions";
import { countProgress, type CountProgressPorts } from "../use-cases/count-progress.ts";
import { fanOutEvent } from "../use-cases/fan-out-event.ts";
import { projectEvents } from "../use-cases/project-events.ts";
import { reconcileEvents, type ReconcileEventsPorts } from "../use-cases/reconcile-events.ts";
import { retryParked, type RetryParkedPorts } from "../use-cases/retry-parked.ts";

export type KeepUpPorts = ReconcileEventsPorts & RetryParkedPorts & CountProgressPorts;

export const reconcileEventsTimer =
  (ports: ReconcileEventsPorts): TimerHandler =>
  async () => {
    await reconcileEvents(ports);
  };

export const retryParkedTimer =
  (ports: KeepUpPorts): TimerHandler =>
  async () => {
    await retryParked(ports, {
      "project-events": (stored) => projectEvents(ports, [stored]),
      "fan-out-event": (stored) => fanOutEvent(ports, stored),
      "count-progress": (stored) => countProgress(ports, [stored]),
    });
  };
