/** Bodies of the first order API: `POST /orders`, `/orders/email` and `/orders/sms`. */
import { z } from "zod";
import { channelSchema, conditionShape, contentType } from "./future-order-schema.ts";
import { dateTime, model } from "./model.ts";

const recipient = model("RecipientExt", {
  emailAddress: z.string().optional(),
  mobileNumber: z.string().optional(),
  organizationNumber: z.string().optional(),
  nationalIdentityNumber: z.string().optional(),
  isReserved: z.boolean().optional().meta({ description: "Said in answers; passed over here." }),
});

const baseShape = {
  sendersReference: z.string().optional(),
  requestedSendTime: dateTime.optional(),
  conditionEndpoint: conditionShape.conditionEndpoint,
  recipients: z.array(recipient),
  ignoreReservation: z.boolean().optional(),
  resourceId: z.string().optional(),
  resourceAction: z.string().optional(),
};

const emailTemplate = model("EmailTemplateExt", {
  fromAddress: z.string().optional().default(""),
  subject: z.string().optional().default(""),
  body: z.string().optional().default(""),
  contentType: contentType.optional().default("Plain"),
});

const smsTemplate = model("SmsTemplateExt", {
  senderNumber: z.string().optional().default(""),
  body: z.string().optional().default(""),
});

const checked = { missing: "check" } as const;

export const legacyOrderSchema = model(
  "NotificationOrderRequestExt",
  {
    ...baseShape,
    notificationChannel: channelSchema.optional(),
    emailTemplate: emailTemplate.optional(),
    smsTemplate: smsTemplate.optional(),
  },
  checked,
);

export const legacyEmailOrderSchema = model(
  "EmailNotificationOrderRequestExt",
  {
    ...baseShape,
    subject: z.string(),
    body: z.string(),
    contentType: contentType.optional(),
  },
  checked,
);

export const legacySmsOrderSchema = model(
  "SmsNotificationOrderRequestExt",
  { ...baseShape, senderNumber: z.string().optional(), body: z.string() },
  checked,
);

export type LegacyOrderRequest = z.infer<typeof legacyOrderSchema>;
export type LegacyEmailOrderRequest = z.infer<typeof legacyEmailOrderSchema>;
export type LegacySmsOrderRequest = z.infer<typeof legacySmsOrderSchema>;
export type LegacyRecipient = z.infer<typeof recipient>;
/** What all three have. */
export type LegacyBase = Omit<LegacySmsOrderRequest, "senderNumber" | "body">;
