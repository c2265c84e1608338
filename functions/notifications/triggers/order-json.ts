/** Orders as the first order API shows them. */
import { isSuccess } from "../domain/delivery-status.ts";
import { emailDescriptions, orderDescriptions, smsDescriptions } from "../domain/descriptions.ts";
import type { Notification } from "../domain/notification.ts";
import type { Channel, Order, OrderState } from "../domain/order.ts";

/** ISO 8601, UTC, to the millisecond. */
export const iso = (at: number): string => new Date(at).toISOString();

const selfOf = (baseUrl: string, { id }: Order): string =>
  `${baseUrl}/notifications/api/v1/orders/${id}`;

const toBase = (order: Order): object => ({
  id: order.id,
  sendersReference: order.sendersReference,
  requestedSendTime: iso(order.requestedSendAt),
  creator: order.creator,
  created: iso(order.createdAt),
  notificationChannel: order.channelScheme,
  ignoreReservation: order.ignoreReservation,
  resourceId: order.resourceId,
  resourceAction: order.resourceAction,
  conditionEndpoint: order.condition?.url,
});

/** `GET /orders/{id}`. */
export const toOrderJson = (baseUrl: string, order: Order): object => ({
  ...toBase(order),
  recipients: order.recipients.map((it) => ({
    emailAddress: it.emailAddress,
    mobileNumber: it.mobileNumber,
    organizationNumber: it.organizationNumber,
    nationalIdentityNumber: it.nationalIdentityNumber,
    isReserved: it.isReserved,
  })),
  ...(order.email && {
    emailTemplate: {
      fromAddress: order.email.senderAddress,
      subject: order.email.subject,
      body: order.email.body,
      contentType: order.email.contentType,
    },
  }),
  ...(order.sms && { smsTemplate: { senderNumber: order.sms.sender, body: order.sms.body } }),
  links: { self: selfOf(baseUrl, order), status: `${selfOf(baseUrl, order)}/status` },
});

/** This API is older than the state `Processed`: to its clients, what is processed is completed. */
const shownState = (state: OrderState): OrderState => (state === "Processed" ? "Completed" : state);

const toChannelJson = (baseUrl: string, order: Order, channel: Channel): object | undefined => {
  const { generated, succeeded } = order.tally[channel];
  if (generated === 0) return undefined;
  const self = `${selfOf(baseUrl, order)}/notifications/${channel}`;
  return { links: { self }, generated, succeeded };
};

/** `GET /orders/{id}/status`. The description is that of the status that is shown (NO-D22). */
export function toStatusJson(baseUrl: string, order: Order): object {
  const status = shownState(order.state);
  const email = toChannelJson(baseUrl, order, "email");
  const sms = toChannelJson(baseUrl, order, "sms");
  return {
    ...toBase(order),
    processingStatus: {
      status,
      description: orderDescriptions[status],
      lastUpdate: iso(order.stateAt),
    },
    ...((email ?? sms) && { notificationsStatusSummary: { email, sms } }),
  };
}

type Descriptions = Readonly<Record<string, string>>;

const descriptions: Readonly<Record<Channel, Descriptions>> = {
  email: emailDescriptions,
  sms: smsDescriptions,
};

/** Nor does it know that a message can expire. */
const toSendStatus = ({ channel, status, at }: Notification): object => {
  const shown = status === "Failed_TTL" ? "Failed" : status;
  return { status: shown, description: descriptions[channel][shown], lastUpdate: iso(at) };
};

const toNotificationJson = (it: Notification): object => ({
  id: it.id,
  succeeded: isSuccess(it.channel, it.status),
  recipient: {
    ...(it.address !== "" && {
      [it.channel === "email" ? "emailAddress" : "mobileNumber"]: it.address,
    }),
    organizationNumber: it.recipient.organizationNumber,
    nationalIdentityNumber: it.recipient.nationalIdentityNumber,
  },
  sendStatus: toSendStatus(it),
});

/** `GET /orders/{id}/notifications/email` and `/sms`. */
export function toNotificationsJson(
  order: Order,
  all: readonly Notification[],
  channel: Channel,
): object {
  const notifications = all.filter((it) => it.channel === channel);
  return {
    orderId: order.id,
    sendersReference: order.sendersReference,
    generated: notifications.length,
    succeeded: notifications.filter(({ status }) => isSuccess(channel, status)).length,
    notifications: notifications.map(toNotificationJson),
  };
}
