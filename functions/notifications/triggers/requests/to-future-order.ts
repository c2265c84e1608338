/** From a checked body of `POST /future/orders` to what is ordered. */
import { toEmailAddress } from "../../../kernel/email-address.ts";
import { toPhoneNumber } from "../../../kernel/phone-number.ts";
import type { EmailTemplate, SendCondition, SmsTemplate } from "../../domain/order.ts";
import type { OrderWish } from "../../domain/order-wish.ts";
import type { Recipient } from "../../domain/recipient.ts";
import { instantOf } from "./base-rules.ts";
import type {
  EmailSettings,
  FutureOrderRequest,
  LookedUpRequest,
  RecipientRequest,
  ReminderRequest,
  SmsSettings,
} from "./future-order-schema.ts";
import { DAY_IN_MS } from "./limits.ts";
import { nameOf } from "./model.ts";
import { present } from "./present.ts";

/** A subject is one line. */
export const oneLine = (text: string): string => text.replace(/\r\n|\r|\n/g, " ");

/** A text that says something; an empty one is none. */
export const textOf = (text: string | undefined): string | undefined =>
  text === "" ? undefined : text;

/** What a rule has found valid. */
export function valid(text: string | undefined): string {
  if (text === undefined) throw new Error("An address without a normal form has passed the rules");
  return text;
}

export const senderAddressOf = (text: string | undefined): string =>
  text === undefined || text.trim() === "" ? "" : valid(toEmailAddress(text));

export const toEmailTemplate = (settings: EmailSettings): EmailTemplate => ({
  senderAddress: senderAddressOf(settings.senderEmailAddress),
  subject: oneLine(settings.subject),
  body: settings.body,
  contentType: nameOf(settings.contentType),
});

const toSmsTemplate = (settings: SmsSettings): SmsTemplate => ({
  sender: settings.sender?.trim() ?? "",
  body: settings.body,
  policy: nameOf(settings.sendingTimePolicy),
});

export const toCondition = (request: {
  readonly conditionEndpoint?: string | undefined;
  readonly conditionFallback?: "send" | "cancel" | number | undefined;
}): SendCondition | undefined =>
  request.conditionEndpoint === undefined
    ? undefined
    : { url: request.conditionEndpoint, fallback: nameOf(request.conditionFallback ?? "send") };

type Addressed = Pick<OrderWish, "channelScheme" | "recipients" | "email" | "sms"> &
  Partial<OrderWish>;

const toLookedUp = (recipient: Recipient, request: LookedUpRequest): Addressed => ({
  channelScheme: nameOf(request.channelSchema),
  recipients: [recipient],
  ...present({
    email: request.emailSettings && toEmailTemplate(request.emailSettings),
    sms: request.smsSettings && toSmsTemplate(request.smsSettings),
    resourceId: textOf(request.resourceId),
    resourceAction: textOf(request.resourceAction),
  }),
});

function toAddressed(request: RecipientRequest): Addressed {
  const { recipientEmail, recipientSms, recipientPerson: person } = request;
  const { recipientOrganization: organization, recipientExternalIdentity: external } = request;
  if (recipientEmail) {
    return {
      channelScheme: "Email",
      recipients: [{ emailAddress: valid(toEmailAddress(recipientEmail.emailAddress)) }],
      email: toEmailTemplate(recipientEmail.emailSettings),
    };
  }
  if (recipientSms) {
    return {
      channelScheme: "Sms",
      recipients: [{ mobileNumber: valid(toPhoneNumber(recipientSms.phoneNumber)) }],
      sms: toSmsTemplate(recipientSms.smsSettings),
    };
  }
  if (person) {
    const { nationalIdentityNumber, ignoreReservation, useStaleContactInformation } = person;
    return {
      ...toLookedUp({ nationalIdentityNumber }, person),
      ignoreReservation: ignoreReservation ?? false,
      useStaleContactInformation: useStaleContactInformation ?? false,
    };
  }
  if (organization) return toLookedUp({ organizationNumber: organization.orgNumber }, organization);
  if (external) return toLookedUp({ externalIdentity: external.externalIdentity }, external);
  throw new Error("A request without recipient has passed the rules");
}

/** What the main order and a reminder have in common. */
const toCommon = (request: FutureOrderRequest | ReminderRequest) =>
  present({
    sendersReference: textOf(request.sendersReference),
    condition: toCondition(request),
    statusCallback: request.statusCallback,
  });

export const toDialog = (
  dialog: FutureOrderRequest["dialogportenAssociation"],
): OrderWish["dialog"] => dialog && present(dialog);

/** @param now when the request came: what names no time is sent at once */
export function toFutureOrders(request: FutureOrderRequest, now: number): readonly OrderWish[] {
  const dialog = toDialog(request.dialogportenAssociation);
  const mainSendAt = instantOf(request.requestedSendTime) ?? now;
  const main: OrderWish = {
    type: "Notification",
    requestedSendAt: mainSendAt,
    ...toCommon(request),
    ...(dialog && { dialog }),
    ...toAddressed(request.recipient),
  };
  const reminders = (request.reminders ?? []).map((reminder): OrderWish => ({
    type: "Reminder",
    requestedSendAt:
      instantOf(reminder.requestedSendTime) ?? mainSendAt + (reminder.delayDays ?? 1) * DAY_IN_MS,
    ...toCommon(reminder),
    ...(dialog && { dialog }),
    ...toAddressed(reminder.recipient),
  }));
  return [main, ...reminders];
}
