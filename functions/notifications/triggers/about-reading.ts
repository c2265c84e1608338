/** What the endpoints that show and cancel orders say of themselves in the API's document. */
import { z } from "zod";
import { problemContent } from "../../platform/http/openapi.ts";
import type { OperationAbout } from "../../platform/http/operation.ts";
import type { Channel } from "../domain/order.ts";
import { altinnProblemSchema, wrong } from "./about-orders.ts";
import { createScopes } from "./creator.ts";

const FIRST = "Orders, first version";
const json = (schema: z.ZodType) => ({ "application/json": schema });
const withId = { scopes: createScopes, path: z.object({ id: z.uuid() }) } as const;
const absent = { 404: { description: "The caller has no such order." } } as const;
const instant = z.iso.datetime();

const baseShape = {
  id: z.uuid(),
  sendersReference: z.string().optional(),
  requestedSendTime: instant,
  creator: z.string(),
  created: instant,
  notificationChannel: z.enum(["Email", "Sms", "EmailPreferred", "SmsPreferred", "EmailAndSms"]),
  ignoreReservation: z.boolean().optional(),
  resourceId: z.string().optional(),
  resourceAction: z.string().optional(),
  conditionEndpoint: z.string().optional(),
};

const recipient = z.object({
  emailAddress: z.string().optional(),
  mobileNumber: z.string().optional(),
  organizationNumber: z.string().optional(),
  nationalIdentityNumber: z.string().optional(),
  isReserved: z.boolean().optional(),
});

const order = z
  .object({
    ...baseShape,
    recipients: z.array(recipient),
    emailTemplate: z
      .object({
        fromAddress: z.string(),
        subject: z.string(),
        body: z.string(),
        contentType: z.enum(["Plain", "Html"]),
      })
      .optional(),
    smsTemplate: z.object({ senderNumber: z.string(), body: z.string() }).optional(),
    links: z.object({ self: z.url(), status: z.url() }),
  })
  .meta({ id: "NotificationOrderExt" });

const status = z.object({ status: z.string(), description: z.string(), lastUpdate: instant });

const channelSummary = z.object({
  links: z.object({ self: z.url() }),
  generated: z.int(),
  succeeded: z.int(),
});

const orderStatus = z
  .object({
    ...baseShape,
    processingStatus: status,
    notificationsStatusSummary: z
      .object({ email: channelSummary.optional(), sms: channelSummary.optional() })
      .optional(),
  })
  .meta({ id: "NotificationOrderWithStatusExt" });

const notifications = z.object({
  orderId: z.uuid(),
  sendersReference: z.string().optional(),
  generated: z.int(),
  succeeded: z.int(),
  notifications: z.array(
    z.object({ id: z.uuid(), succeeded: z.boolean(), recipient, sendStatus: status }),
  ),
});

/** `GET /orders/{id}`. */
export const aboutReadOrder: OperationAbout = {
  summary: "One order, as it was placed",
  tag: FIRST,
  ...withId,
  answers: { 200: { description: "It.", content: json(order) }, ...wrong, ...absent },
};

/** `GET /orders?sendersReference=`. */
export const aboutListOrders: OperationAbout = {
  summary: "Orders by the sender's reference",
  tag: FIRST,
  scopes: createScopes,
  query: z.object({
    sendersReference: z.string(),
    continuation: z.string().optional().describe("Of the page before."),
  }),
  answers: {
    200: {
      description: "Newest first. With `continuation` there is more.",
      content: json(
        z.object({
          count: z.int().describe("On this page."),
          orders: z.array(order),
          continuation: z.string().optional(),
        }),
      ),
    },
    ...wrong,
  },
};

const statusAnswer = { description: "How far it is.", content: json(orderStatus) };

/** `GET /orders/{id}/status`. */
export const aboutReadOrderStatus: OperationAbout = {
  summary: "How far an order is",
  tag: FIRST,
  ...withId,
  answers: { 200: statusAnswer, ...wrong, ...absent },
};

/** `GET /orders/{id}/notifications/email` and `/sms`. */
export const aboutListNotifications = (channel: Channel): OperationAbout => ({
  summary: channel === "email" ? "The e-mails of an order" : "The SMS of an order",
  tag: FIRST,
  ...withId,
  answers: {
    200: { description: "One for each address.", content: json(notifications) },
    ...wrong,
    ...absent,
  },
});

const tooLate = {
  409: {
    description: "It is too late: at most five minutes are left, or it is being carried out.",
    content: problemContent,
  },
};

/** `PUT /orders/{id}/cancel`. */
export const aboutCancelOrder: OperationAbout = {
  summary: "Cancel an order",
  tag: FIRST,
  ...withId,
  answers: { 200: statusAnswer, ...wrong, ...absent, ...tooLate },
};

const circumstances = {
  conditionOutcome: z
    .enum(["met", "not-met", "unanswered-sent", "unanswered-cancelled"])
    .optional()
    .describe("What came of asking the condition end point."),
  delayed: z
    .object({ reason: z.string(), until: instant })
    .optional()
    .describe("What stands in the way, and when it is tried again."),
  parked: z
    .object({ reason: z.string(), at: instant })
    .optional()
    .describe("It cannot go on by itself; those who run the service look after it."),
};

const shipment = z
  .object({
    shipmentId: z.uuid(),
    sendersReference: z.string().optional(),
    type: z.enum(["Notification", "Reminder", "Instant", "Composed"]),
    shipmentType: z.string().describe("The same as `type`."),
    status: z.string(),
    lastUpdate: instant,
    recipients: z.array(
      z.object({
        type: z.enum(["SMS", "Email"]),
        destination: z.string(),
        status: z.string(),
        lastUpdate: instant,
        isUnconfirmed: z
          .boolean()
          .optional()
          .describe("The gateway may have it and cannot be asked; it is not sent again."),
      }),
    ),
    ...circumstances,
  })
  .meta({ id: "NotificationDeliveryManifestExt" });

/** `GET /future/shipment/{id}`. */
export const aboutReadShipment: OperationAbout = {
  summary: "How far a shipment is",
  tag: "Shipments",
  ...withId,
  answers: {
    200: { description: "E-mails first, then SMS.", content: json(shipment) },
    404: {
      description: "NOT-00003: the caller has no such shipment.",
      content: json(altinnProblemSchema),
    },
  },
};

const link = z.object({
  shipmentId: z.uuid(),
  sendersReference: z.string().optional(),
  type: z.string(),
  requestedSendTime: instant,
  status: z.string(),
  lastUpdate: instant,
  ...circumstances,
});

const chain = z
  .object({
    notificationOrderId: z.uuid(),
    idempotencyId: z.string().optional(),
    created: instant,
    notification: link.extend({ reminders: z.array(link).optional() }),
  })
  .meta({ id: "NotificationOrderChain" });

const chainAnswer = { description: "Each of its orders.", content: json(chain) };

/** `GET /future/orders/{id}`. */
export const aboutReadChain: OperationAbout = {
  summary: "An order and its reminders",
  description: "By `notificationOrderId` of the receipt.",
  tag: "Orders",
  ...withId,
  answers: { 200: chainAnswer, ...absent },
};

/** `PUT /future/orders/{id}/cancel`. */
export const aboutCancelChain: OperationAbout = {
  summary: "Cancel an order and its reminders",
  description:
    "Whatever of it can still be cancelled is; reminders also when the order itself is out.",
  tag: "Orders",
  ...withId,
  answers: { 200: chainAnswer, ...absent, ...tooLate },
};
