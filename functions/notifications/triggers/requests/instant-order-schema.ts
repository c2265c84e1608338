/** Bodies of `POST /future/orders/instant`, `/instant/sms` and `/instant/email`: one message, now. */
import { z } from "zod";
import { contentType, statusCallback } from "./future-order-schema.ts";
import { model } from "./model.ts";

const smsSettings = model("Sms.ShortMessageContentExt", {
  sender: z.string().optional(),
  body: z.string(),
});

const recipientSms = model(
  "Sms.ShortMessageDeliveryDetailsExt",
  { phoneNumber: z.string(), timeToLiveInSeconds: z.int32(), smsSettings },
  { memberNames: { smsSettings: "ShortMessageContent" } },
);

const baseShape = {
  idempotencyId: z.string(),
  sendersReference: z.string().optional(),
  statusCallback,
};

export const instantOrderSchema = model(
  "Orders.InstantNotificationOrderRequestExt",
  {
    ...baseShape,
    recipient: model(
      "Recipient.InstantNotificationRecipientExt",
      { recipientSms },
      { memberNames: { recipientSms: "ShortMessageDeliveryDetails" } },
    ),
  },
  { memberNames: { recipient: "InstantNotificationRecipient" } },
);

export const instantSmsSchema = model("Orders.InstantSmsNotificationOrderRequestExt", {
  ...baseShape,
  recipientSms,
});

export const instantEmailSchema = model(
  "Orders.InstantEmailNotificationOrderRequestExt",
  {
    ...baseShape,
    recipientEmail: model("Email.InstantEmailDetailsExt", {
      emailAddress: z.string(),
      emailSettings: model("Email.InstantEmailContentExt", {
        subject: z.string(),
        body: z.string(),
        senderEmailAddress: z.string().optional(),
        contentType: contentType.optional().default("Plain"),
      }),
    }),
  },
  { memberNames: { recipientEmail: "InstantEmailDetails" } },
);

export type InstantOrderRequest = z.infer<typeof instantOrderSchema>;
export type InstantSmsRequest = z.infer<typeof instantSmsSchema>;
export type InstantEmailRequest = z.infer<typeof instantEmailSchema>;
export type InstantSms = z.infer<typeof recipientSms>;
