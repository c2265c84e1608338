/** Every ten minutes: changes that a follower of orders could not digest are tried again. */
import type { TimerHandler } from "@azure/functions";
import {
  retryParkedChanges,
  type RetryParkedChangesPorts,
} from "../use-cases/retry-parked-changes.ts";

export const retryParkedChangesTimer =
  (ports: RetryParkedChangesPorts): TimerHandler =>
  async () => {
    await retryParkedChanges(ports);
  };
