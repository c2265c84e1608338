/** Notifications, what is read of finished orders: adapters to ports. */
import type { Foundation } from "./foundation.ts";
import { createBlobMetricsArchive } from "../notifications/adapters/blob-metrics-archive.ts";
import { createCosmosNotificationLog } from "../notifications/adapters/cosmos-notification-log.ts";
import { createCosmosNotificationMetrics } from "../notifications/adapters/cosmos-notification-metrics.ts";
import { createDerivedCallbackSecrets } from "../notifications/adapters/derived-callback-secrets.ts";
import { createGuardedCallbacks } from "../notifications/adapters/guarded-callbacks.ts";
import { createParquetMetricsFiles } from "../notifications/adapters/parquet-metrics-files.ts";
import type { ReadingPorts } from "../notifications/register-reading.ts";

type Composed = Pick<
  ReadingPorts,
  | "callbacks"
  | "callbackSecrets"
  | "log"
  | "metrics"
  | "metricsFiles"
  | "metricsArchive"
  | "metricsApiKey"
  | "environmentName"
>;

export const composeReading = ({
  clock,
  config: { callbackKeys, egress, figures },
  callGuarded,
  documentsIn,
}: Foundation): Composed => ({
  callbacks: createGuardedCallbacks(callGuarded, egress.timeoutInMs, clock),
  callbackSecrets: createDerivedCallbackSecrets(callbackKeys),
  log: createCosmosNotificationLog(documentsIn("notificationLog"), clock),
  metrics: createCosmosNotificationMetrics(documentsIn("notificationMetrics")),
  metricsFiles: createParquetMetricsFiles(),
  environmentName: figures.environmentName,
  ...(figures.archive && { metricsArchive: createBlobMetricsArchive(figures.archive) }),
  ...(figures.apiKey !== undefined && { metricsApiKey: figures.apiKey }),
});
