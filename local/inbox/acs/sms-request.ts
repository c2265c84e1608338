/** What a caller may ask Azure to send by SMS. */
import { z } from "zod";

const requestSchema = z.object({
  from: z.string().min(1).max(15),
  smsRecipients: z
    .array(
      z.object({
        to: z.string(),
        repeatabilityRequestId: z.string().nullish(),
        repeatabilityFirstSent: z.string().nullish(),
      }),
    )
    .min(1)
    .max(100),
  message: z.string().min(1).max(2048),
  smsSendOptions: z
    .object({ enableDeliveryReport: z.boolean().default(false), tag: z.string().nullish() })
    .nullish(),
});

export type SmsRequest = z.output<typeof requestSchema>;
export type SmsRecipient = SmsRequest["smsRecipients"][number];

/** @returns why it is refused, where it is */
export function parseSmsRequest(body: Buffer): SmsRequest | string {
  try {
    return requestSchema.parse(JSON.parse(body.toString("utf8")));
  } catch (error) {
    return error instanceof z.ZodError ? z.prettifyError(error) : "The body is no JSON.";
  }
}
