/** Notifications, what is read of finished orders: adapters to ports. */
import type { Foundation } from "./composition.ts";
import { createCosmosNotificationLog } from "./notifications/adapters/cosmos-notification-log.ts";
import { createCosmosNotificationMetrics } from "./notifications/adapters/cosmos-notification-metrics.ts";
import type { ReadingPorts } from "./notifications/register-reading.ts";

type Composed = Pick<ReadingPorts, "log" | "metrics">;

export const composeReading = ({ clock, documentsIn }: Foundation): Composed => ({
  log: createCosmosNotificationLog(documentsIn("notificationLog"), clock),
  metrics: createCosmosNotificationMetrics(documentsIn("notificationMetrics")),
});
