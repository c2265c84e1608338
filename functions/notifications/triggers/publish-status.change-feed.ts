/** Change feed of `orders`, second follower: what has come to its end goes to its creator's feed. */
import type { CosmosDBv4Handler } from "@azure/functions";
import { RetryLater } from "../../kernel/failures.ts";
import { followOneByOne, type FollowPorts } from "../../platform/cosmos/follow-one-by-one.ts";
import { inSpans } from "../../platform/telemetry/spans.ts";
import type { Order } from "../domain/order.ts";
import { publishStatus, type PublishStatusPorts } from "../use-cases/publish-status.ts";
import { changedNotificationsIn, changedOrdersIn } from "./changed-orders.ts";

const toChange = (order: Order) => ({
  key: order.id,
  subject: order.id,
  traceparent: order.traceparent,
  order,
});

export const publishStatusChangeFeed =
  (ports: FollowPorts & PublishStatusPorts): CosmosDBv4Handler =>
  async (changes) => {
    const orders = changedOrdersIn(changes);
    try {
      await inSpans(
        { name: "publish-status", kind: "consumer" },
        orders.map(({ traceparent }) => traceparent),
        () => publishStatus(ports, orders, changedNotificationsIn(changes)),
      );
    } catch (error) {
      if (error instanceof RetryLater) throw error;
      await followOneByOne(ports, "publish-status", orders.map(toChange), ({ order }) =>
        publishStatus(ports, [order]),
      );
    }
  };
