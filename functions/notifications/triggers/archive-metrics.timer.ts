/** Every hour, so that an outage does not cost a day: the figures of days that are over go to the archive as files. */
import type { TimerHandler } from "@azure/functions";
import { archiveMetrics, type ReportMetricsPorts } from "../use-cases/report-metrics.ts";

export const archiveMetricsTimer =
  (ports: ReportMetricsPorts): TimerHandler =>
  () =>
    archiveMetrics(ports);
