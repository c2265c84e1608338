/** The body of `POST /future/orders/composed-email`: one e-mail with files. */
import { z } from "zod";
import {
  conditionShape,
  dialogportenAssociation,
  emailSettingsShape,
  statusCallback,
} from "./future-order-schema.ts";
import { dateTime, model, uri } from "./model.ts";

const attachment = model("SasFileReferenceExt", {
  filename: z.string(),
  mimeType: z.string(),
  sasUrl: uri.meta({
    description: "Of a blob in Azure Storage, with a signature that lets it be read.",
  }),
});

const emailSettings = model("Email.ComposedEmailSendingOptionsExt", {
  ...emailSettingsShape,
  attachments: z.array(attachment.nullable()).optional(),
});

const recipient = model(
  "Email.RecipientComposedEmailExt",
  { emailAddress: z.string(), emailSettings },
  { memberNames: { emailSettings: "Settings" } },
);

export const composedEmailSchema = model("ComposedEmailRequestExt", {
  sendersReference: z.string().optional(),
  requestedSendTime: dateTime.optional(),
  ...conditionShape,
  dialogportenAssociation: dialogportenAssociation.optional(),
  idempotencyId: z.string(),
  statusCallback,
  recipient,
});

export type ComposedEmailRequest = z.infer<typeof composedEmailSchema>;
export type AttachmentRequest = z.infer<typeof attachment>;
