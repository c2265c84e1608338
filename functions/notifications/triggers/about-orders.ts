/** What the endpoints that take orders say of themselves in the API's document. */
import { z } from "zod";
import { problemContent } from "../../platform/http/openapi.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import { createScopes } from "./creator.ts";
import { futureOrderSchema } from "./requests/future-order-schema.ts";

const json = (schema: z.ZodType) => ({ "application/json": schema });

const shipment = z.object({ shipmentId: z.uuid(), sendersReference: z.string().optional() });

/** The receipt of a chain of orders. */
export const chainReceiptSchema = z
  .object({
    notificationOrderId: z.uuid(),
    notification: shipment.extend({ reminders: z.array(shipment).optional() }),
  })
  .meta({ id: "NotificationOrderChainResponseExt" });

export const validationProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    errors: z.record(z.string(), z.array(z.string())),
    traceId: z.string(),
  })
  .meta({ id: "ValidationProblemDetails" });

export const altinnProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    traceId: z.string(),
  })
  .meta({ id: "AltinnProblemDetails" });

export const wrong = {
  400: {
    description: "Everything that is wrong, by member.",
    content: json(validationProblemSchema),
  },
} as const;

const withLocation = z.object({ location: z.string() });

/** Answers to a request with an idempotency id. */
export const idempotentAnswers: OperationAbout["answers"] = {
  201: {
    description: "Stored. It is sent at its time.",
    content: json(chainReceiptSchema),
    headers: withLocation,
  },
  200: {
    description: "The same request came before; the receipt is the same.",
    content: json(chainReceiptSchema),
    headers: withLocation,
  },
  ...wrong,
  409: {
    description: "The idempotency id was used with another payload.",
    content: problemContent,
  },
};

/** `POST /future/orders`. */
export const aboutPlaceOrder: OperationAbout = {
  summary: "Order a notification and reminders of it",
  tag: "Orders",
  scopes: createScopes,
  body: json(futureOrderSchema),
  answers: {
    ...idempotentAnswers,
    422: {
      description: "NOT-00001: a recipient has no address that could be used.",
      content: json(altinnProblemSchema),
    },
    503: {
      description: "NOT-00004: contact information cannot be looked up now.",
      content: json(altinnProblemSchema),
    },
  },
};
