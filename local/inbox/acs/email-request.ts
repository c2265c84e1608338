/** What a caller may ask Azure to send by e-mail. */
import { z } from "zod";
import type { Attachment, MessageContent } from "../store/captured-message.ts";
import type { HttpAnswer } from "../http/exchange.ts";
import { acsFailure, badRequest } from "./failure.ts";

/** @see https://learn.microsoft.com/azure/communication-services/concepts/service-limits */
const MAX_RECIPIENTS = 50;

const addressSchema = z.object({ address: z.string(), displayName: z.string().nullish() });

const addressesSchema = z
  .array(addressSchema)
  .nullish()
  .transform((addresses) => (addresses ?? []).map(({ address }) => address));

const requestSchema = z.object({
  headers: z.record(z.string(), z.string()).nullish(),
  senderAddress: z.string().min(1),
  content: z
    .object({
      subject: z.string().min(1),
      plainText: z.string().nullish(),
      html: z.string().nullish(),
    })
    .refine(({ plainText, html }) => Boolean(plainText) || Boolean(html), {
      message: "plainText or html is required",
    }),
  recipients: z.object({ to: addressesSchema, cc: addressesSchema, bcc: addressesSchema }),
  attachments: z
    .array(
      z.object({
        name: z.string().min(1),
        contentType: z.string().min(1),
        contentInBase64: z.base64(),
        contentId: z.string().nullish(),
      }),
    )
    .nullish(),
  replyTo: addressesSchema,
  userEngagementTrackingDisabled: z.boolean().nullish(),
});

export interface EmailRequest {
  readonly content: MessageContent;
  readonly attachments: readonly Attachment[];
  /** All of them, whatever their field. */
  readonly recipients: readonly string[];
}

/** One @, something before it, a domain with a dot after it. */
const ADDRESS_PATTERN = /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+$/;

const toEmailRequest = (input: z.output<typeof requestSchema>): EmailRequest => {
  const { to, cc, bcc } = input.recipients;
  const { subject, plainText, html } = input.content;
  return {
    recipients: [...to, ...cc, ...bcc],
    attachments: (input.attachments ?? []).map(({ name, contentType, contentInBase64 }) => ({
      name,
      contentType,
      content: Buffer.from(contentInBase64, "base64"),
    })),
    content: {
      from: input.senderAddress,
      to,
      cc,
      bcc,
      replyTo: input.replyTo,
      subject,
      headers: input.headers ?? {},
      ...(plainText && { text: plainText }),
      ...(html && { html }),
    },
  };
};

function refuseRecipients(recipients: readonly string[]): HttpAnswer | undefined {
  if (recipients.length === 0) return badRequest("recipients: at least one is required.");
  if (recipients.length > MAX_RECIPIENTS) {
    return badRequest(`recipients: at most ${MAX_RECIPIENTS} are allowed.`);
  }
  return recipients.every((recipient) => ADDRESS_PATTERN.test(recipient))
    ? undefined
    : badRequest("Invalid format for email address");
}

/** @returns the refusal where the body is none that Azure would take */
export function parseEmailRequest(body: Buffer): EmailRequest | HttpAnswer {
  let input: unknown;
  try {
    input = JSON.parse(body.toString("utf8"));
  } catch {
    return badRequest("The body is no JSON.");
  }
  const parsed = requestSchema.safeParse(input);
  if (!parsed.success) {
    return badRequest(
      parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
    );
  }
  if (!ADDRESS_PATTERN.test(parsed.data.senderAddress)) {
    return acsFailure({ status: 400, code: "InvalidSender", message: "Invalid sender address." });
  }
  const request = toEmailRequest(parsed.data);
  return refuseRecipients(request.recipients) ?? request;
}
