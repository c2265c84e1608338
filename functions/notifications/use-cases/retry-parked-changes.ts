/** Tries again what a follower of orders could not digest. */
import { RetryLater } from "../../kernel/failures.ts";
import type { Logger } from "../../kernel/ports.ts";
import {
  type Follower,
  followers,
  type ParkedChange,
  type ParkedChanges,
} from "../domain/parked-changes.ts";
import { projectNotifications, type ProjectNotificationsPorts } from "./project-notifications.ts";
import { publishStatus, type PublishStatusPorts } from "./publish-status.ts";

/** What retrying needs. */
export interface RetryParkedChangesPorts extends ProjectNotificationsPorts, PublishStatusPorts {
  readonly logger: Logger;
  readonly parkedChanges: ParkedChanges;
}

/** How each follower digests a change. */
async function digest(
  ports: RetryParkedChangesPorts,
  follower: Follower,
  { order, notification }: ParkedChange,
): Promise<void> {
  switch (follower) {
    case "follow-orders":
      if (order?.state === "Registered") await ports.queues.orderIsDue(order, "parked-change");
      return;
    case "publish-status":
      if (order) await publishStatus(ports, [order]);
      return;
    case "project-notifications":
      await projectNotifications(ports, {
        orders: order ? [order] : [],
        notifications: notification ? [notification] : [],
      });
  }
}

async function isDigested(
  ports: RetryParkedChangesPorts,
  follower: Follower,
  change: ParkedChange,
): Promise<boolean> {
  try {
    await digest(ports, follower, change);
    return true;
  } catch (error) {
    if (error instanceof RetryLater) throw error;
    ports.logger.error({ follower, key: change.key }, "A parked change cannot be digested", error);
    return false;
  }
}

/**
 * Tries all again. Safe to repeat: so is each step.
 *
 * @returns how many are left
 * @throws {RetryLater} database or broker do not answer; the next run goes on
 */
export async function retryParkedChanges(ports: RetryParkedChangesPorts): Promise<number> {
  let left = 0;
  for (const follower of followers) {
    for (const change of await ports.parkedChanges.list(follower)) {
      if (await isDigested(ports, follower, change)) {
        await ports.parkedChanges.remove(follower, change.key);
      } else {
        left += 1;
      }
    }
  }
  return left;
}
