/** From a checked body of the first order API to what is ordered. */
import { toEmailAddress } from "../../../kernel/email-address.ts";
import { toPhoneNumber } from "../../../kernel/phone-number.ts";
import type { ChannelScheme } from "../../domain/order.ts";
import type { OrderWish } from "../../domain/order-wish.ts";
import type { Recipient } from "../../domain/recipient.ts";
import { instantOf } from "./base-rules.ts";
import type {
  LegacyBase,
  LegacyEmailOrderRequest,
  LegacyOrderRequest,
  LegacyRecipient,
  LegacySmsOrderRequest,
} from "./legacy-order-schema.ts";
import { nameOf } from "./model.ts";
import { present } from "./present.ts";
import { oneLine, textOf, toCondition } from "./to-future-order.ts";

/** An address that the channel does not use was not checked either. */
const toRecipient = (recipient: LegacyRecipient): Recipient => ({
  ...present({
    emailAddress: toEmailAddress(recipient.emailAddress ?? ""),
    mobileNumber: toPhoneNumber(recipient.mobileNumber ?? ""),
    organizationNumber: textOf(recipient.organizationNumber),
    nationalIdentityNumber: textOf(recipient.nationalIdentityNumber),
  }),
});

const toBase = (request: LegacyBase, channelScheme: ChannelScheme, now: number): OrderWish => ({
  type: "Notification",
  channelScheme,
  requestedSendAt: instantOf(request.requestedSendTime) ?? now,
  recipients: request.recipients.map(toRecipient),
  ...present({
    sendersReference:
      request.sendersReference?.trim() === "" ? undefined : request.sendersReference,
    condition: toCondition(request),
    ignoreReservation: request.ignoreReservation,
    resourceId: textOf(request.resourceId),
    resourceAction: textOf(request.resourceAction),
  }),
});

export function toLegacyOrder(request: LegacyOrderRequest, now: number): OrderWish {
  const { notificationChannel, emailTemplate, smsTemplate } = request;
  const scheme = nameOf(notificationChannel ?? -1);
  return {
    ...toBase(request, scheme, now),
    ...(emailTemplate && {
      email: {
        senderAddress: emailTemplate.fromAddress.trim(),
        subject: oneLine(emailTemplate.subject),
        body: emailTemplate.body,
        contentType: nameOf(emailTemplate.contentType),
      },
    }),
    ...(smsTemplate && {
      sms: {
        sender: smsTemplate.senderNumber.trim(),
        body: smsTemplate.body,
        policy: "Daytime",
      },
    }),
  };
}

/** Always from the default sender. */
export const toLegacyEmailOrder = (request: LegacyEmailOrderRequest, now: number): OrderWish => ({
  ...toBase(request, "Email", now),
  email: {
    senderAddress: "",
    subject: oneLine(request.subject),
    body: request.body,
    contentType: nameOf(request.contentType ?? "Plain"),
  },
});

export const toLegacySmsOrder = (request: LegacySmsOrderRequest, now: number): OrderWish => ({
  ...toBase(request, "Sms", now),
  sms: { sender: request.senderNumber?.trim() ?? "", body: request.body, policy: "Daytime" },
});
