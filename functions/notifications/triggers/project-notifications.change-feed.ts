/** Change feed of `orders`, third follower: the log by recipient, and the figures. */
import type { CosmosDBv4Handler } from "@azure/functions";
import { RetryLater } from "../../kernel/failures.ts";
import {
  type Change,
  followOneByOne,
  type FollowPorts,
} from "../../platform/cosmos/follow-one-by-one.ts";
import { inSpans } from "../../platform/telemetry/spans.ts";
import type { Order } from "../domain/order.ts";
import {
  type Changed,
  projectNotifications,
  type ProjectNotificationsPorts,
} from "../use-cases/project-notifications.ts";
import { changedNotificationsIn, changedOrdersIn } from "./changed-orders.ts";

interface ChangedDocument {
  readonly id: string;
  readonly subject: string;
  readonly order?: Order;
}

interface Item extends Change {
  readonly document: ChangedDocument;
}

const toItem = (document: ChangedDocument): Item => ({
  key: document.id,
  subject: document.subject,
  traceparent: document.order?.traceparent ?? "",
  document,
});

const changedIn = (changes: readonly unknown[]): Changed => ({
  orders: changedOrdersIn(changes),
  notifications: [...changedNotificationsIn(changes).values()].flat(),
});

export const projectNotificationsChangeFeed =
  (ports: FollowPorts & ProjectNotificationsPorts): CosmosDBv4Handler =>
  async (changes) => {
    const changed = changedIn(changes);
    try {
      await inSpans(
        { name: "project-notifications", kind: "consumer" },
        changed.orders.map(({ traceparent }) => traceparent),
        () => projectNotifications(ports, changed),
      );
    } catch (error) {
      if (error instanceof RetryLater) throw error;
      const items = (changes as readonly ChangedDocument[]).map(toItem);
      await followOneByOne(ports, "project-notifications", items, ({ document }) =>
        projectNotifications(ports, changedIn([document])),
      );
    }
  };
