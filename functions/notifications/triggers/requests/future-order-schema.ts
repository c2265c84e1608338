/** The body of `POST /future/orders`: one order, and reminders of it. */
import { z } from "zod";
import { dateTime, model, named, uri } from "./model.ts";

export const channelSchema = named({
  Email: 0,
  Sms: 1,
  EmailPreferred: 2,
  SmsPreferred: 3,
  EmailAndSms: 4,
});

export const contentType = named({ Plain: 0, Html: 1 });

export const sendingTimePolicy = named({ Anytime: 1, Daytime: 2 });

/** What an e-mail says; composed ones add attachments. */
export const emailSettingsShape = {
  senderEmailAddress: z.string().optional(),
  subject: z.string(),
  body: z.string(),
  contentType: contentType.optional().default("Plain"),
  sendingTimePolicy: sendingTimePolicy.optional().default("Anytime"),
};

const emailSettings = model("Email.EmailSendingOptionsExt", emailSettingsShape);

const smsSettings = model("Sms.SmsSendingOptionsExt", {
  sender: z.string().optional(),
  body: z.string(),
  sendingTimePolicy: sendingTimePolicy.optional().default("Daytime"),
});

/** What all recipients have that are looked up. */
const lookedUp = {
  channelSchema,
  emailSettings: emailSettings.optional(),
  smsSettings: smsSettings.optional(),
  resourceId: z.string().optional(),
  resourceAction: z.string().optional(),
};

const recipientEmail = model(
  "Email.RecipientEmailExt",
  { emailAddress: z.string(), emailSettings },
  { memberNames: { emailSettings: "Settings" } },
);

const recipientSms = model(
  "Sms.RecipientSmsExt",
  { phoneNumber: z.string(), smsSettings },
  { memberNames: { smsSettings: "Settings" } },
);

const recipientPerson = model("Recipient.RecipientPersonExt", {
  nationalIdentityNumber: z.string(),
  ...lookedUp,
  ignoreReservation: z.boolean().optional(),
  useStaleContactInformation: z.boolean().optional(),
});

const recipientOrganization = model("Recipient.RecipientOrganizationExt", {
  orgNumber: z.string(),
  ...lookedUp,
});

const recipientExternalIdentity = model("Recipient.RecipientExternalIdentityExt", {
  externalIdentity: z.string(),
  ...lookedUp,
});

export const recipientSchema = model("NotificationRecipientExt", {
  recipientEmail: recipientEmail.optional(),
  recipientSms: recipientSms.optional(),
  recipientPerson: recipientPerson.optional(),
  recipientOrganization: recipientOrganization.optional(),
  recipientExternalIdentity: recipientExternalIdentity.optional(),
});

/** What both a condition and its fallback are; the fallback is ours. */
export const conditionShape = {
  conditionEndpoint: uri.optional(),
  conditionFallback: named({ send: 0, cancel: 1 }).optional().meta({
    description:
      "What to do when no clear answer comes within ten minutes. As the reference: send.",
  }),
};

export const statusCallback = uri.optional().meta({
  description: "Where to be told of the final state, signed as webhooks of events are.",
});

export const dialogportenAssociation = model("DialogportenIdentifiersExt", {
  dialogId: z.string().optional(),
  transmissionId: z.string().optional(),
});

const reminderSchema = model("NotificationReminderExt", {
  sendersReference: z.string().optional(),
  ...conditionShape,
  delayDays: z.int32().optional(),
  requestedSendTime: dateTime.optional(),
  statusCallback,
  recipient: recipientSchema,
});

export const futureOrderSchema = model("NotificationOrderChainRequestExt", {
  sendersReference: z.string().optional(),
  requestedSendTime: dateTime.optional(),
  ...conditionShape,
  dialogportenAssociation: dialogportenAssociation.optional(),
  idempotencyId: z.string(),
  statusCallback,
  recipient: recipientSchema,
  reminders: z.array(reminderSchema).optional(),
});

export type FutureOrderRequest = z.infer<typeof futureOrderSchema>;
export type ReminderRequest = z.infer<typeof reminderSchema>;
export type RecipientRequest = z.infer<typeof recipientSchema>;
export type EmailSettings = z.infer<typeof emailSettings>;
export type SmsSettings = z.infer<typeof smsSettings>;
/** A person, a business or somebody outside the registers. */
export type LookedUpRequest =
  z.infer<typeof recipientOrganization> extends infer Organization
    ? Omit<Organization, "orgNumber">
    : never;
