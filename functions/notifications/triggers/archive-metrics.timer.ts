/** Every night: the figures of the day that is over are closed, and go to the archive as files. */
import type { TimerHandler } from "@azure/functions";
import { archiveMetrics, type ReportMetricsPorts } from "../use-cases/report-metrics.ts";

export const archiveMetricsTimer =
  (ports: ReportMetricsPorts): TimerHandler =>
  () =>
    archiveMetrics(ports);
