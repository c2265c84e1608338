/** What has been sent to somebody, or could not be: notifications by who they are for, and by the dialog they belong to. */
import type { DeliveryStatus, Evidence } from "./delivery-status.ts";
import { merge } from "./delivery-status.ts";
import type { Notification } from "./notification.ts";
import type { Channel, ChannelScheme, Order, OrderType } from "./order.ts";
import type { Recipient } from "./recipient.ts";

/** A notification with what of its order is asked for. Instants are milliseconds since the epoch. */
export interface LoggedNotification extends Evidence {
  readonly notificationId: string;
  readonly shipmentId: string;
  readonly creator: string;
  readonly orderType: OrderType;
  readonly channelScheme: ChannelScheme;
  readonly sendersReference?: string;
  readonly resourceId?: string;
  readonly dialog?: { readonly dialogId?: string; readonly transmissionId?: string };
  readonly recipient: Notification["recipient"];
  readonly channel: Channel;
  readonly destination: string;
  readonly status: DeliveryStatus;
  readonly requestedSendAt: number;
  /** What the provider calls it. */
  readonly reference?: string;
  readonly expiresAt: number;
}

/** Whom the log may be asked about. */
export type LogKey = string;

/** By the id of a register, or outside of them. */
export const keyOfRecipient = (it: Notification["recipient"]): LogKey | undefined => {
  if (it.nationalIdentityNumber) return `nin:${it.nationalIdentityNumber}`;
  if (it.organizationNumber) return `org:${it.organizationNumber}`;
  return it.externalIdentity ? `ext:${it.externalIdentity.toLowerCase()}` : undefined;
};

/** By an address that was given as such. */
export const keyOfAddress = (channel: Channel, address: string): LogKey =>
  `${channel}:${address.toLowerCase()}`;

/** By the dialog that the order belongs to. */
export const keyOfDialog = (dialogId: string): LogKey => `dialog:${dialogId.toLowerCase()}`;

/** Where a notification is logged: nowhere when it is for nobody any more. */
export function keysOf(it: LoggedNotification): readonly LogKey[] {
  const direct = it.destination === "" ? undefined : keyOfAddress(it.channel, it.destination);
  const recipient = keyOfRecipient(it.recipient) ?? direct;
  if (recipient === undefined) return [];
  const dialogId = it.dialog?.dialogId;
  return dialogId ? [recipient, keyOfDialog(dialogId)] : [recipient];
}

/** Persons an order names, so that what is kept of them can be found before anything is sent. */
export const personKeysOf = (recipients: readonly Recipient[]): readonly LogKey[] => [
  ...new Set(recipients.flatMap(({ nationalIdentityNumber: id }) => (id ? [`nin:${id}`] : []))),
];

/** A notification as it is logged. */
export const toLogged = (it: Notification, order: Order): LoggedNotification => ({
  notificationId: it.id,
  shipmentId: order.id,
  creator: order.creator,
  orderType: order.type,
  channelScheme: order.channelScheme,
  ...(order.sendersReference !== undefined && { sendersReference: order.sendersReference }),
  ...(order.resourceId !== undefined && { resourceId: order.resourceId }),
  ...(order.dialog && { dialog: order.dialog }),
  recipient: it.recipient,
  channel: it.channel,
  destination: it.address,
  status: it.status,
  at: it.at,
  requestedSendAt: order.requestedSendAt,
  ...(it.sending?.reference !== undefined && { reference: it.sending.reference }),
  expiresAt: it.expiresAt,
});

/** Whether what comes now says no less than what is logged: changes may be followed in any order, and again. */
export const isNoOlder = (logged: Evidence, next: Evidence): boolean => {
  const { status, at } = merge(logged, next);
  return status === next.status && at === next.at;
};
