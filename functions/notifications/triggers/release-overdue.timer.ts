/** Every minute: what lags behind is handed on again, what has expired ends. */
import type { TimerHandler } from "@azure/functions";
import { releaseOverdue, type ReleaseOverduePorts } from "../use-cases/release-overdue.ts";

export const releaseOverdueTimer =
  (ports: ReleaseOverduePorts): TimerHandler =>
  async () => {
    const { orderCount, notificationCount } = await releaseOverdue(ports);
    if (orderCount + notificationCount > 0) {
      ports.logger.warn({ orderCount, notificationCount }, "Something overdue was released");
    }
  };
