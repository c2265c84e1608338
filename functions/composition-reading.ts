/** Notifications, what is read of finished orders: adapters to ports. */
import type { Foundation } from "./composition.ts";
import { createBlobMetricsArchive } from "./notifications/adapters/blob-metrics-archive.ts";
import { createCosmosNotificationLog } from "./notifications/adapters/cosmos-notification-log.ts";
import { createCosmosNotificationMetrics } from "./notifications/adapters/cosmos-notification-metrics.ts";
import { createParquetMetricsFiles } from "./notifications/adapters/parquet-metrics-files.ts";
import type { ReadingPorts } from "./notifications/register-reading.ts";

type Composed = Pick<
  ReadingPorts,
  "log" | "metrics" | "metricsFiles" | "metricsArchive" | "metricsApiKey" | "environmentName"
>;

export const composeReading = ({
  clock,
  config: { figures },
  documentsIn,
}: Foundation): Composed => ({
  log: createCosmosNotificationLog(documentsIn("notificationLog"), clock),
  metrics: createCosmosNotificationMetrics(documentsIn("notificationMetrics")),
  metricsFiles: createParquetMetricsFiles(),
  environmentName: figures.environmentName,
  ...(figures.archive && { metricsArchive: createBlobMetricsArchive(figures.archive) }),
  ...(figures.apiKey !== undefined && { metricsApiKey: figures.apiKey }),
});
