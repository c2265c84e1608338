/** Change feed of `orders`, third follower: the log by recipient, and the figures. */
import type { CosmosDBv4Handler } from "@azure/functions";
import {
  type Change,
  followOneByOne,
  type FollowPorts,
} from "../../platform/cosmos/follow-one-by-one.ts";
import type { Notification } from "../domain/notification.ts";
import type { Order } from "../domain/order.ts";
import { changedOrdersIn } from "./changed-orders.ts";
import {
  projectNotification,
  type ProjectNotificationsPorts,
  projectOrder,
} from "../use-cases/project-notifications.ts";

interface ChangedDocument {
  readonly id: string;
  readonly subject: string;
  readonly kind?: string;
  readonly order?: Order;
  readonly notification?: Notification;
}

interface Item extends Change {
  readonly document: ChangedDocument;
}

/** Documents at the same time; each is a few small writes. */
const PARALLEL = 16;

const toItem = (document: ChangedDocument): Item => ({
  key: document.id,
  subject: document.subject,
  traceparent: document.order?.traceparent ?? "",
  document,
});

export const projectNotificationsChangeFeed =
  (ports: FollowPorts & ProjectNotificationsPorts): CosmosDBv4Handler =>
  async (changes) => {
    const items = (changes as readonly ChangedDocument[]).map(toItem);
    const orders = new Map(changedOrdersIn(changes).map((order) => [order.id, order]));
    const project = async ({ document }: Item): Promise<void> => {
      const { notification } = document;
      if (notification) {
        await projectNotification(ports, notification, orders.get(notification.orderId));
      }
      if (document.order) await projectOrder(ports, document.order);
    };
    for (let from = 0; from < items.length; from += PARALLEL) {
      await Promise.all(
        items
          .slice(from, from + PARALLEL)
          .map((item) => followOneByOne(ports, "project-notifications", [item], project)),
      );
    }
  };
