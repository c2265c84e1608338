/** What a placed order is answered with. */
import type { HttpResponseInit } from "@azure/functions";
import { problem } from "../../platform/http/problem.ts";
import type { Chain } from "../domain/order.ts";
import type { InstantPlacement } from "../use-cases/place-instant-order.ts";
import type { Placement } from "../use-cases/place-order.ts";
import { jsonAnswer, networkFailure, notificationProblem } from "./answers.ts";

/** After which time the same request makes sense again, when a provider does not answer. */
const PROVIDER_DELAY_IN_SECONDS = 10;

const toReceipt = ({ id, sendersReference }: Chain["shipments"][number]): object => ({
  shipmentId: id,
  sendersReference,
});

/** What a request and each of its repeats is answered with. */
export function receiptOf({ id, shipments }: Chain): object {
  const [main, ...reminders] = shipments;
  if (!main) throw new Error("A chain without orders");
  return {
    notificationOrderId: id,
    notification: {
      ...toReceipt(main),
      ...(reminders.length > 0 && { reminders: reminders.map(toReceipt) }),
    },
  };
}

/** NO-D23: to something that is there. */
export const locationOf = (baseUrl: string, { shipments }: Chain): string =>
  `${baseUrl}/notifications/api/v1/future/shipment/${shipments[0]?.id ?? ""}`;

export function answerToPlacement(
  baseUrl: string,
  placement: Placement | InstantPlacement,
  traceId: string,
): HttpResponseInit {
  switch (placement.kind) {
    case "placed":
    case "repeated": {
      const { kind, chain } = placement;
      const location = locationOf(baseUrl, chain);
      return jsonAnswer(kind === "placed" ? 201 : 200, receiptOf(chain), { location });
    }
    case "conflict":
      return problem("idempotency-conflict", { members: { traceId } });
    case "missing-contact":
      return notificationProblem("NOT-00001", traceId);
    case "later":
      return networkFailure(PROVIDER_DELAY_IN_SECONDS, traceId);
    case "register-unavailable":
      return networkFailure(placement.delayInSeconds, traceId);
  }
}
