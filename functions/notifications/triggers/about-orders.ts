/** What the endpoints that take orders say of themselves in the API's document. */
import { z } from "zod";
import { problemContent } from "../../platform/http/openapi.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import { composedScopes, createScopes } from "./creator.ts";
import { composedEmailSchema } from "./requests/composed-email-schema.ts";
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

/** The receipt of the first order API. */
export const legacyReceiptSchema = z
  .object({
    orderId: z.uuid(),
    recipientLookup: z
      .object({
        status: z.enum(["Success", "PartialSuccess", "Failed"]),
        isReserved: z.array(z.string()),
        missingContact: z.array(z.string()),
      })
      .optional(),
  })
  .meta({ id: "NotificationOrderRequestResponseExt" });

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

const registerUnavailable = {
  description: "NOT-00004: contact information cannot be looked up now.",
  content: json(altinnProblemSchema),
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
    503: registerUnavailable,
  },
};

/** `POST /future/orders/composed-email`. */
export const aboutPlaceComposedEmail: OperationAbout = {
  summary: "Order an e-mail with files",
  description: "The files are fetched when the e-mail is sent, by signed addresses of blobs.",
  tag: "Orders",
  scopes: composedScopes,
  body: json(composedEmailSchema),
  answers: idempotentAnswers,
};

/** `POST /future/orders/instant…`. */
export const aboutInstantOrder = (summary: string, body: z.ZodObject): OperationAbout => ({
  summary,
  description:
    "Stored first, then sent. All instant orders share one scope of idempotency ids. After a 503 the message is " +
    "stored and goes out as soon as the provider answers, unless its time to live ends before.",
  tag: "Orders",
  scopes: createScopes,
  body: json(body),
  answers: {
    ...idempotentAnswers,
    503: {
      description: "NOT-00004: the provider does not answer now.",
      content: json(altinnProblemSchema),
    },
  },
});

/** `POST /orders…`. */
export const aboutLegacyOrder = (summary: string, body: z.ZodObject): OperationAbout => ({
  summary,
  description: "Still supported; `/future/orders` is what to use.",
  tag: "Orders, first version",
  scopes: createScopes,
  body: json(body),
  answers: {
    202: {
      description: "Stored, whoever of the recipients can be told.",
      content: json(legacyReceiptSchema),
      headers: withLocation,
    },
    ...wrong,
    503: registerUnavailable,
  },
});
