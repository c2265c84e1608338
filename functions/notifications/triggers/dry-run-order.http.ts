/** POST /future/orders/dry-run: what an order would come to. Takes the body of POST /future/orders. */
import type { HttpHandler } from "@azure/functions";
import { z } from "zod";
import { endpoint } from "../../platform/http/endpoint.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import { deliveryLifecycle, recipientType } from "../domain/lifecycle.ts";
import {
  type DryNotification,
  type DryOrder,
  dryRunOrder,
  type DryRunPorts,
  type Prices,
} from "../use-cases/dry-run-order.ts";
import { altinnProblemSchema, wrong } from "./about-orders.ts";
import { type AcceptPorts, whenAccepted } from "./accept-request.ts";
import { jsonAnswer, networkFailure } from "./answers.ts";
import { createScopes, mayCreate } from "./creator.ts";
import { iso } from "./order-json.ts";
import { futureOrder, takesOrder, toChainWish } from "./place-order.http.ts";
import { toFutureOrders } from "./requests/to-future-order.ts";

export interface DryRunHttpPorts extends AcceptPorts, DryRunPorts {}

const count = z.int().nonnegative();
const instant = z.iso.datetime();

const totals = z.object({
  emails: count,
  sms: count,
  smsSegments: count,
  estimatedCost: z.number(),
  currency: z.string().describe("ISO 4217."),
});

const recipient = z.object({
  type: z.enum(["Email", "SMS"]),
  destination: z.string().describe("Empty when there is none."),
  status: z.string().describe("`Email_New`, or why nothing would be sent."),
  nationalIdentityNumber: z.string().optional(),
  organizationNumber: z.string().optional(),
  externalIdentity: z.string().optional(),
  sendTime: instant.optional(),
  expiryTime: instant.optional(),
  smsSegments: count.optional(),
  estimatedCost: z.number(),
});

const answer = z
  .object({
    isAccepted: z.boolean().describe("Whether it would be placed; otherwise NOT-00001."),
    orders: z.array(
      z.object({
        type: z.enum(["Notification", "Reminder"]),
        sendersReference: z.string().optional(),
        requestedSendTime: instant,
        recipients: z.array(recipient),
        totals,
      }),
    ),
    totals,
  })
  .meta({ id: "DryRun" });

const about: OperationAbout = {
  summary: "See what an order would come to",
  description:
    "Recipients, reservation, channels, send times, SMS parts and estimated cost, as of now. Nothing is stored or " +
    "sent, and no condition is asked.",
  tag: "Orders",
  scopes: createScopes,
  body: { "application/json": futureOrder.schema },
  answers: {
    200: { description: "It.", content: { "application/json": answer } },
    ...wrong,
    503: {
      description: "NOT-00004: a register cannot be asked now.",
      content: { "application/json": altinnProblemSchema },
    },
  },
};

/** Sums of small amounts, without what binary fractions leave behind. */
const rounded = (amount: number): number => Math.round(amount * 10_000) / 10_000;

const isSent = ({ notification }: DryNotification): boolean => notification.status === "New";

const toTotals = (all: readonly DryNotification[], { currency }: Prices): object => ({
  emails: all.filter((it) => isSent(it) && it.notification.channel === "email").length,
  sms: all.filter((it) => isSent(it) && it.notification.channel === "sms").length,
  smsSegments: all.reduce((sum, { segmentCount }) => sum + segmentCount, 0),
  estimatedCost: rounded(all.reduce((sum, { cost }) => sum + cost, 0)),
  currency,
});

const toRecipient = (it: DryNotification): object => {
  const { channel, address, status, recipient: ids, sendAt, expiresAt } = it.notification;
  return {
    type: recipientType(channel),
    destination: address,
    status: deliveryLifecycle(channel, status),
    ...ids,
    ...(isSent(it) && { sendTime: iso(sendAt), expiryTime: iso(expiresAt) }),
    ...(isSent(it) && channel === "sms" && { smsSegments: it.segmentCount }),
    estimatedCost: rounded(it.cost),
  };
};

const toOrder = ({ order, notifications }: DryOrder, prices: Prices): object => ({
  type: order.type,
  sendersReference: order.sendersReference,
  requestedSendTime: iso(order.requestedSendAt),
  recipients: notifications.map(toRecipient),
  totals: toTotals(notifications, prices),
});

export const dryRunOrderHttp = (ports: DryRunHttpPorts): HttpHandler =>
  endpoint({ ...mayCreate, ...takesOrder, about }, ports, (http) =>
    whenAccepted(ports, futureOrder, http, async (accepted) => {
      const orders = toFutureOrders(accepted.request, accepted.now);
      const wish = toChainWish(accepted, http.traceparent, { type: "future", orders });
      const run = await dryRunOrder(ports, wish);
      if (run.kind !== "resolved") return networkFailure(run.delayInSeconds, http.traceparent);
      const all = run.orders.flatMap(({ notifications }) => notifications);
      return jsonAnswer(200, {
        isAccepted: !run.isContactMissing,
        orders: run.orders.map((order) => toOrder(order, ports.prices)),
        totals: toTotals(all, ports.prices),
      });
    }),
  );
