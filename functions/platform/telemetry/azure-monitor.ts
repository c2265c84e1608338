/**
 * Sends spans and metrics to Application Insights. Imported only where the setting is: see docs/adr/0014.
 *
 * The host sends its own (`telemetryMode` in host.json); what is sent here hangs below it in the same trace.
 */
import {
  AzureMonitorMetricExporter,
  AzureMonitorTraceExporter,
} from "@azure/monitor-opentelemetry-exporter";
import { context, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { credentialOf } from "../connection.ts";

export interface AzureMonitorOptions {
  /** An address, no secret. */
  readonly connectionString: string;
  /** Client id of the managed identity that may publish; without it the address alone does. */
  readonly clientId?: string;
  readonly version: string;
}

const METRICS_INTERVAL_IN_MS = 60_000;

function exporterOptions({ connectionString, clientId }: AzureMonitorOptions) {
  return {
    connectionString,
    // What could not be sent stays in memory: the file system of an instance is not ours.
    disableOfflineStorage: true,
    ...(clientId !== undefined && {
      credential: credentialOf({ kind: "identity", endpoint: connectionString, clientId }),
    }),
  };
}

/** @returns sends what is left, and ends */
export function startAzureMonitor(options: AzureMonitorOptions): () => Promise<void> {
  const resource = resourceFromAttributes({
    "service.name": "budstikke",
    "service.version": options.version,
  });
  const tracing = new BasicTracerProvider({
    resource,
    spanProcessors: [
      new BatchSpanProcessor(new AzureMonitorTraceExporter(exporterOptions(options))),
    ],
  });
  const measuring = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new AzureMonitorMetricExporter(exporterOptions(options)),
        exportIntervalMillis: METRICS_INTERVAL_IN_MS,
      }),
    ],
  });
  trace.setGlobalTracerProvider(tracing);
  metrics.setGlobalMeterProvider(measuring);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return async () => {
    await Promise.allSettled([tracing.shutdown(), measuring.shutdown()]);
  };
}
